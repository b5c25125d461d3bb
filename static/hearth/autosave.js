// Keeps what is typed into a form: sends it to the server as a draft, and says so only when the server has answered.
//
// <form data-autosave="URL"> with components/saved_status.html inside. What is typed is sent within a second and a half,
// and when the page is hidden or left. Nothing is kept in the browser's storage.
import { asScript, isSignedOut, renew, session, signInUrl } from "./session.js";

const SEND_AFTER = 1500;
const TRY_AGAIN_AFTER = [3000, 10000, 30000];
const KEEPALIVE_LIMIT = 60000;
const NOT_SAVED = ["csrfmiddlewaretoken"];

export function autosave(form) {
  const says = form.querySelector("[data-saved-status]");
  const trouble = form.querySelector("[data-saved-trouble]");
  // What comes back from the server with errors is typed text that no draft holds yet.
  let kept = document.querySelector(".govuk-error-summary") ? null : content(form);
  let left = null;
  let timer = null;
  let sending = null;
  let failures = 0;
  let leaving = false;

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : lookAgain()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", changed); // Coming back, the browser fills in what was typed.
  window.addEventListener("online", lookAgain);
  window.addEventListener("focus", lookAgain);
  document.querySelector("form[data-discards-draft]")?.addEventListener("submit", () => {
    leaving = true; // What is thrown away is not saved once more on the way out.
    clearTimeout(timer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && failures && content(form) !== kept) event.preventDefault();
  });

  // The timer is not put off by further typing: whoever types for a minute is saved every second and a half.
  function changed() {
    if (timer === null && content(form) !== kept) timer = setTimeout(send, failures ? waitingTime() : SEND_AFTER);
  }

  function waitingTime() {
    return TRY_AGAIN_AFTER[Math.min(failures, TRY_AGAIN_AFTER.length) - 1];
  }

  async function send() {
    timer = null;
    if (sending) return;
    const body = content(form);
    if (body === kept || leaving) return;
    sending = post(body);
    const answer = await sending;
    sending = null;
    await heard(answer, body);
    changed();
  }

  function post(body, keepalive = false) {
    return fetch(form.dataset.autosave, {
      method: "POST",
      body,
      keepalive: keepalive && body.length < KEEPALIVE_LIMIT,
      headers: {
        ...asScript,
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken?.value ?? "",
      },
    }).catch(() => null);
  }

  async function heard(answer, body) {
    const said = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json().catch(() => null) : null;
    if (answer?.ok && said?.saved_at) {
      kept = body;
      failures = 0;
      say(`Saved ${said.saved_at}`);
      hush();
    } else if (isSignedOut(answer)) {
      failures += 1;
      await mayGoOn();
    } else if (answer && answer.status >= 400 && answer.status < 500) {
      failures += 1;
      complain(said?.error ?? "What you typed could not be saved. It stays on this page: copy it before you leave.");
    } else {
      failures += 1;
      complain(
        answer
          ? "What you typed is not saved yet: the server did not answer as it should. It stays on this page and is sent again."
          : "What you typed is not saved yet: there is no connection. It stays on this page and is sent when there is one.",
      );
    }
  }

  // Is this person signed in? If not, that is told in place. After a failure the token may be an old one.
  async function mayGoOn() {
    let stands = await session();
    if (stands === "in" && failures) stands = await renew();
    if (stands === "out") {
      complain("You have been signed out. What you typed stays here. Sign in again, then come back to this tab.", signInUrl);
    } else if (stands === "other") {
      complain("Somebody else has signed in on this browser. What you typed stays here and is not sent under their name.", signInUrl);
    } else if (stands === "away") {
      complain("There is no connection. What you typed stays here. Try again when there is one.");
    }
    return stands === "in";
  }

  async function lookAgain() {
    if (!failures || sending) return;
    clearTimeout(timer);
    timer = null;
    if (await mayGoOn()) await send();
  }

  function leave() {
    const body = content(form);
    if (leaving || body === kept || body === left) return;
    left = body;
    clearTimeout(timer);
    timer = null;
    post(body, true).then((answer) => {
      left = null;
      return answer && heard(answer, body);
    });
  }

  // A form is sent only while its person is signed in, so that nothing typed ends on a sign-in page.
  async function submit(event) {
    if (leaving || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    if (!(await mayGoOn())) {
      failures += 1;
      trouble?.focus();
      return;
    }
    leaving = true;
    clearTimeout(timer);
    if (sending) await sending;
    form.requestSubmit(button);
    setTimeout(() => (leaving = false), 10000);
  }

  function say(text) {
    if (says && says.textContent !== text) says.textContent = text;
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
