// Tells on every page what waits on this device to be sent, and what became of it.
import { keptBy, numberOfOthers } from "./keeping.js";
import { sendWaiting } from "./sending.js";
import { signInLink } from "./saying.js";

const page = document.body.dataset;

export function tellWhatWaits() {
  const place = document.createElement("div");
  place.className = "hearth-waiting";
  place.setAttribute("role", "status");
  document.querySelector("main")?.prepend(place);
  const send = () => (page.person ? sendAndTell(place, send) : tellStrangers(place));
  window.addEventListener("online", send);
  send();
}

// The form on this page takes care of its own text.
function isMeant(text) {
  const isOnPage = text.address === location.pathname && document.querySelector("form[data-autosave]");
  return !isOnPage;
}

async function sendAndTell(place, again) {
  const sent = await sendWaiting(page.person, isMeant);
  const lines = sent.map(({ text, became }) => told(text, became)).filter(Boolean);
  const left = (await keptBy(page.person)).filter(isMeant).length;
  const refused = sent.filter(({ became }) => became.sentences || became.other).length;
  if (left > refused) lines.push(...unsent(left - refused, sent, again));
  const others = location.pathname === "/" ? await numberOfOthers(page.person) : 0;
  if (others) lines.push(line(somebodyElses(others)));
  place.replaceChildren(...lines);
}

async function tellStrangers(place) {
  const number = await numberOfOthers("");
  place.replaceChildren(...(number ? [line(somebodyElses(number))] : []));
}

function somebodyElses(number) {
  const texts = number === 1 ? "A text that somebody" : `${number} texts that people`;
  return `${texts} typed on this device ${number === 1 ? "is" : "are"} not sent yet. Nobody else can read it. It is sent when whoever typed it signs in here.`;
}

function told(text, became) {
  const when = timeOf(text.typedAt);
  if (became.isDone) return became.address ? line(`“${text.title}”, typed at ${when}, is sent and recorded. `, link(became.address, "Look at it")) : null;
  if (became.sentences) {
    const says = `“${text.title}”, typed at ${when}, could not be recorded as it stands: ${became.sentences.join(" ")} `;
    const kept = became.isDraft ? "It is saved: mend it and send it again." : "It is kept on this device.";
    return line(`${says}${kept} `, link(became.isDraft ? text.address : page.offline, became.isDraft ? "Open it" : "Look at it"));
  }
  if (became.other) return line(`“${text.title}”, typed at ${when}, was typed on elsewhere as well. Both texts are kept. `, link(text.address, "Bring them together"));
  if (became.isDraft && text.hasFailed) return line(`What you typed into “${text.title}” at ${when} is saved now, and not sent yet. `, link(text.address, "Go on with it"));
  return null;
}

function unsent(number, sent, again) {
  const says = number === 1 ? "One text is kept on this device and not sent yet. " : `${number} texts are kept on this device and not sent yet. `;
  const mustSignIn = sent.some(({ became }) => became.mustSignIn);
  const now = document.createElement("button");
  Object.assign(now, { type: "button", className: "govuk-button govuk-button--secondary", textContent: "Send now" });
  now.addEventListener("click", again);
  return [line(says, ...(mustSignIn ? [signInLink(), " "] : [])), now];
}

function line(...inside) {
  const made = document.createElement("p");
  made.className = "govuk-body";
  made.append(...inside);
  return made;
}

function link(url, words) {
  const made = document.createElement("a");
  Object.assign(made, { href: url, className: "govuk-link", textContent: words });
  return made;
}

export function timeOf(moment) {
  const at = new Date(moment);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "Europe/London" });
  return Date.now() - at > 12 * 3600 * 1000 ? `${time} on ${day}` : time;
}
