// Keeps what is typed into a form: sends it to the server as a draft, and says so only when the server has answered.
//
// <form data-autosave="URL"> with components/saved_status.html inside. What is typed is sent within a second and a half,
// and when the page is hidden or left. Nothing is kept in the browser's storage.
import { ask, asScript, isSignedOut, renew, session, signInUrl } from "./session.js";

const SAVE_AFTER = 1500;
const TRY_AGAIN_AFTER = [3000, 10000, 30000];
const NOT_SAVED_AFTER = 60000; // a long text over a weak signal
const GONE_AFTER = 10000;
const KEEPALIVE_LIMIT = 60000;
const NOT_SAVED = ["csrfmiddlewaretoken"];

export function autosave(form) {
  const says = form.querySelector("[data-saved-status]");
  const trouble = form.querySelector("[data-saved-trouble]");
  const underWay = new Map(); // by what is being saved: the promise that its answer has been heard
  // What comes back from the server with errors is typed text that no draft holds yet.
  let kept = document.querySelector(".govuk-error-summary") ? null : content(form);
  let timer = null;
  let failures = 0;
  let wasElsewhere = false; // the person was, and may have signed in again there
  let asking = false; // whether the form may be sent
  let leaving = false; // the form is sent, or thrown away

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hide() : lookAgain()));
  window.addEventListener("pagehide", hide);
  window.addEventListener("pageshow", comeBack);
  window.addEventListener("online", lookAgain);
  window.addEventListener("focus", lookAgain);
  window.addEventListener("blur", () => (wasElsewhere = true));
  document.querySelector("form[data-discards-draft]")?.addEventListener("submit", leave);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && failures && content(form) !== kept) event.preventDefault();
  });

  // The timer is not put off by further typing: whoever types for a minute is saved every second and a half.
  function changed() {
    if (timer === null && content(form) !== kept) timer = setTimeout(save, failures ? waitingTime() : SAVE_AFTER);
  }

  function waitingTime() {
    return TRY_AGAIN_AFTER[Math.min(failures, TRY_AGAIN_AFTER.length) - 1];
  }

  function stopWaiting() {
    clearTimeout(timer);
    timer = null;
  }

  async function save() {
    stopWaiting();
    const body = content(form);
    if (underWay.size || asking || leaving || body === kept) return;
    await keep(body);
    changed();
  }

  // Hidden or left, the page may not come back: what is typed does not wait for a save under way.
  async function hide() {
    const body = content(form);
    if (leaving || body === kept || underWay.has(body)) return;
    stopWaiting();
    await keep(body, { keepalive: body.length < KEEPALIVE_LIMIT });
    changed();
  }

  function keep(body, how) {
    underWay.set(body, sendAndHear(body, how).finally(() => underWay.delete(body)));
    return underWay.get(body);
  }

  function settled() {
    return Promise.all(underWay.values());
  }

  async function sendAndHear(body, how) {
    let answer = await post(body, how);
    if (isSignedOut(answer)) {
      failures += 1;
      if (!(await mayGoOn())) return;
      answer = await post(body, how); // Whoever has signed in again meanwhile has a new token now.
    }
    await hear(answer, body);
  }

  function post(body, how) {
    return ask(form.dataset.autosave, {
      signal: AbortSignal.timeout(NOT_SAVED_AFTER),
      ...how,
      method: "POST",
      body,
      headers: {
        ...asScript,
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken?.value ?? "",
      },
    });
  }

  async function hear(answer, body) {
    const said = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json().catch(() => null) : null;
    if (answer?.ok && said?.saved_at) {
      kept = body;
      failures = 0;
      say(`Saved ${said.saved_at}`);
      hush();
      return;
    }
    failures += 1;
    if (answer && answer.status >= 400 && answer.status < 500) {
      complain(said?.error ?? "What you typed could not be saved. It stays on this page: copy it before you leave.");
    } else {
      complain(
        answer
          ? "What you typed is not saved yet: the server did not answer as it should. It stays on this page and is sent again."
          : "What you typed is not saved yet: there is no connection. It stays on this page and is sent when there is one.",
      );
    }
  }

  // Is this person signed in? If not, that is told in place. Whoever has signed in again needs a new token.
  async function mayGoOn() {
    let stands = await session();
    if (stands === "in" && (failures || wasElsewhere)) stands = await renew();
    wasElsewhere &&= stands !== "in";
    if (stands === "out") {
      complain("You have been signed out. What you typed stays here. Sign in again, then come back to this tab.", signInUrl);
    } else if (stands === "other") {
      complain("Somebody else has signed in on this browser. What you typed stays here and is not sent under their name.", signInUrl);
    } else if (stands === "away") {
      complain("There is no connection. What you typed stays here. Try again when there is one.");
    }
    return stands === "in";
  }

  // What was in the way may be gone. What is under way set out before that, and its failure says nothing of now.
  async function lookAgain() {
    await settled();
    if (!failures || asking || leaving) return;
    stopWaiting();
    if (!(await mayGoOn())) return changed();
    if (content(form) !== kept) return save();
    failures = 0;
    hush();
  }

  // A form is sent only while its person is signed in, so that nothing typed ends on a sign-in page.
  async function submit(event) {
    if (leaving || event.defaultPrevented) return;
    event.preventDefault();
    if (asking) return;
    const button = event.submitter;
    const saidBefore = says?.textContent;
    asking = true;
    say("Sending…");
    const may = await mayGoOn();
    await settled(); // A save that comes in after the form would be a draft of what is sent.
    asking = false;
    if (may) {
      leave();
      form.requestSubmit(button);
    } else {
      failures += 1;
      if (says?.textContent === "Sending…") say(saidBefore);
      trouble?.focus();
      changed();
    }
  }

  function leave() {
    leaving = true;
    stopWaiting();
    setTimeout(() => (leaving = false), GONE_AFTER);
  }

  // Also after the form was sent; and the browser fills in what was typed.
  function comeBack() {
    if (leaving) say("");
    leaving = false;
    changed();
  }

  function say(text) {
    if (!says || says.textContent === text) return;
    says.textContent = text;
    says.toggleAttribute("data-under-way", asking);
  }

  function complain(text, url) {
    if (!trouble || trouble.dataset.said === text) return;
    trouble.dataset.said = text;
    trouble.hidden = false;
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    trouble.replaceChildren(paragraph);
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      link.className = "govuk-link";
      link.textContent = "Sign in (opens in a new tab)";
      trouble.append(link);
    }
  }

  function hush() {
    if (!trouble || trouble.hidden) return;
    trouble.hidden = true;
    trouble.replaceChildren();
    delete trouble.dataset.said;
  }
}

// What the form holds, as it is sent: no files, no passwords, no token.
function content(form) {
  const held = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_SAVED.includes(name) && form.elements[name]?.type !== "password") {
      held.append(name, value);
    }
  }
  return held.toString();
}
