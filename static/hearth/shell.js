// The page that opens without a connection: what was typed is there, one goes on typing, and a visit may begin.
import { autosave } from "./autosave.js";
import { lastPerson } from "./crypt.js";
import { along, keptBy } from "./keeping.js";
import { reveal } from "./reveal.js";
import { sendOne } from "./sending.js";
import { finishSignOut } from "./signing_out.js";
import { tellWhatWaits, timeOf } from "./waiting.js";

const page = document.body.dataset;
const part = (name) => document.querySelector(`[data-part="${name}"]`);

export async function startShell() {
  await finishSignOut();
  const person = await lastPerson();
  page.person = person;
  if (!person) return show("nobody");
  const list = (await along(person)) ?? { children: [], roles: [] };
  const texts = await keptBy(person);
  const here = texts.findLast((text) => text.address === location.pathname);
  const child = list.children.find((each) => addressOf(each) === location.pathname);
  if (child) startVisit(child, list.roles);
  else if (here) goOnTyping(here);
  else show("lede");
  showWaiting(texts.filter((text) => text.address !== location.pathname));
  showChildren(list.children.filter((each) => each !== child));
  tellWhatWaits();
}

function addressOf({ placement }) {
  return page.record.replace("/0/", `/${placement}/`);
}

function startVisit(child, roles) {
  title("Record a visit", child.name);
  const form = drawn("visit");
  const asked = form.querySelector("input[name=role]")?.closest(".govuk-form-group");
  for (const choice of asked?.querySelectorAll("input") ?? []) {
    const row = choice.closest(".govuk-radios__item");
    if (roles.includes(choice.value)) choice.checked = choice.value === roles[0];
    else row.remove();
  }
  if (roles.length < 2) asked?.remove();
  form.elements.key.value = crypto.randomUUID();
  const now = new Date();
  const boxes = { day: { day: "numeric" }, month: { month: "numeric" }, year: { year: "numeric" } };
  const say = (how) => now.toLocaleString("en-GB", { timeZone: "Europe/London", ...how });
  for (const [box, how] of Object.entries(boxes)) form.elements[`made_at_${box}`].value = say(how);
  form.elements.made_at_time.value = say({ hour: "2-digit", minute: "2-digit" });
  for (const answer of form.querySelectorAll("input[data-reveals]")) reveal(answer);
  form.addEventListener("submit", (event) => {
    if (tellMissing(form)) event.preventDefault();
  });
  autosave(form, { later: sendOne, isShell: true });
}

// What must be answered, in the server's own words: it would refuse the form otherwise, hours later.
function tellMissing(form) {
  const summary = form.querySelector("[data-missing]");
  const missing = Object.entries(JSON.parse(form.dataset.required)).filter(([name]) => !isAnswered(form, name));
  summary.hidden = !missing.length;
  summary.querySelector("ul").replaceChildren(
    ...missing.map(([name, says]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const box = boxOf(form, name);
      Object.assign(link, { href: `#${box?.id ?? ""}`, textContent: says });
      link.addEventListener("click", (event) => {
        event.preventDefault();
        box?.focus();
      });
      item.append(link);
      return item;
    }),
  );
  if (missing.length) summary.focus();
  return missing.length > 0;
}

function isAnswered(form, name) {
  if (!boxOf(form, name)) return true;
  const held = new FormData(form);
  return [name, `${name}_day`].some((box) => String(held.get(box) ?? "").trim());
}

function boxOf(form, name) {
  return form.querySelector(`[name="${name}"], [name="${name}_day"]`);
}

// A form of which this page knows only what was typed: its written answers can be gone on with, the others are kept.
function goOnTyping(text) {
  const form = drawn("text");
  title(text.title, "Kept on this device");
  const held = new URLSearchParams(text.content);
  const questions = form.querySelector("[data-questions]");
  for (const { name, label } of text.written ?? []) {
    const group = document.getElementById("question").content.firstElementChild.cloneNode(true);
    const [words, box] = [group.querySelector("label"), group.querySelector("textarea")];
    Object.assign(words, { textContent: label, htmlFor: `typed-${name}` });
    Object.assign(box, { id: `typed-${name}`, name, value: held.get(name) ?? "" });
    if (box.value.length < 60 && !box.value.includes("\n")) box.rows = 1;
    questions.append(group);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  autosave(form, { isShell: true });
}

function drawn(name) {
  const place = part("form");
  place.append(document.getElementById(name).content.cloneNode(true));
  place.hidden = false;
  return place.querySelector("form");
}

function title(words, caption) {
  document.querySelector("h1").textContent = words;
  part("caption").textContent = caption;
  part("caption").hidden = !caption;
}

function showWaiting(texts) {
  for (const text of texts) {
    const says = text.isReady ? "is sent when there is a connection" : "not finished";
    part("texts").append(item(text.address, text.title, `typed at ${timeOf(text.typedAt)}, ${says}`));
  }
  if (texts.length) show("waiting");
}

function showChildren(children) {
  for (const child of children) part("names").append(item(addressOf(child), `Record a visit to ${child.name}`));
  if (children.length) show("children");
}

function item(url, words, more = "") {
  const made = document.createElement("li");
  const link = document.createElement("a");
  Object.assign(link, { href: url, className: "govuk-link", textContent: words });
  made.append(link, ...(more ? [document.createElement("br"), more] : []));
  return made;
}

function show(name) {
  part(name).hidden = false;
}
