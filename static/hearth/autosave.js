// Keeps what is typed into a form: sealed on this device at once, and on the server as a draft. The page says that it is
// saved only when the server has answered; then the device lets it go.
//
// <form data-autosave="URL"> with components/saved_status.html inside. What is typed is kept here within a second, sent
// within a second and a half, and when the page is hidden or left.
import { bothTexts, textOf } from "./both_texts.js";
import { content, fill, isSameText, sendAlong } from "./content.js";
import { keptText } from "./kept_text.js";
import { saying } from "./saying.js";
import { isSignedOut, json, post, session } from "./session.js";

const KEEP_AFTER = 700;
const SAVE_AFTER = 1500;
const TRY_AGAIN_AFTER = [3000, 10000, 30000];
const NOT_SAVED_AFTER = 60000; // a long text over a weak signal
const GONE_AFTER = 10000;
const KEEPALIVE_LIMIT = 60000;
const ONLY_HERE = "Kept on this device, not sent yet";
const SENT_LATER = "Kept on this device. It is sent when there is a connection.";

// `later(text)` sends what is ready, for a form that may be sent once there is a connection again; `isShell` where the page
// itself was opened without one.
export function autosave(form, { later = null, isShell = false, ready = Promise.resolve() } = {}) {
  const told = saying(form);
  const kept = keptText(form, ready, () => failures && sayWhere()); // on this device
  const { text } = kept;
  const began = form.querySelector("[data-saved-status]")?.dataset ?? {};
  const underWay = new Map(); // by what is being saved: the promise that its answer has been heard
  const shown = content(form);
  const comesBackRefused = Boolean(document.querySelector(".govuk-error-summary"));
  // What comes back from the server with errors is typed text that this page has not heard to be a draft.
  let saved = comesBackRefused ? null : shown; // what the server has
  let basedOn = began.basedOn ?? "";
  let keepTimer = null;
  let timer = null;
  let failures = 0;
  let torn = null; // the two texts, side by side, until they are brought together
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
  document.querySelector("form[data-discards-draft]")?.addEventListener("submit", throwAway);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && failures && content(form) !== saved && content(form) !== kept.body) event.preventDefault();
  });
  takeUp();

  // The timers are not put off by further typing: whoever types for a minute is saved every second and a half.
  function changed() {
    if (content(form) === saved) return;
    text.isReady &&= content(form) === kept.body;
    keepTimer ??= setTimeout(keepHere, KEEP_AFTER);
    timer ??= setTimeout(save, failures ? waitingTime() : SAVE_AFTER);
  }

  function waitingTime() {
    return TRY_AGAIN_AFTER[Math.min(failures, TRY_AGAIN_AFTER.length) - 1];
  }

  function stopWaiting() {
    clearTimeout(timer);
    timer = null;
  }

  function keepHere() {
    clearTimeout(keepTimer);
    keepTimer = null;
    const body = content(form);
    if (body === kept.body || body === saved || leaving) return kept.last();
    return putHere();
  }

  function putHere() {
    return kept.put(content(form), basedOn, failures > 0);
  }

  // As long as only this device has it, the page says so.
  function sayWhere() {
    if (kept.body !== null && content(form) !== saved && !asking && !text.isReady) told.say(ONLY_HERE, { isOnlyHere: true });
  }

  async function save() {
    stopWaiting();
    const body = content(form);
    if (underWay.size || asking || leaving || torn || body === saved) return;
    await send(body);
    changed();
  }

  // Hidden or left, the page may not come back: what is typed does not wait for a save under way.
  async function hide() {
    const body = content(form);
    if (leaving || body === saved) return;
    keepHere();
    if (underWay.has(body) || torn) return;
    stopWaiting();
    await send(body, { keepalive: body.length < KEEPALIVE_LIMIT });
    changed();
  }

  function send(body, how) {
    underWay.set(body, sendAndHear(body, how).finally(() => underWay.delete(body)));
    return underWay.get(body);
  }

  function settled() {
    return Promise.all(underWay.values());
  }

  async function sendAndHear(body, how) {
    let answer = await postDraft(body, how);
    if (isSignedOut(answer)) {
      failures += 1;
      if (!(await mayGoOn())) return;
      answer = await postDraft(body, how); // Whoever has signed in again meanwhile has a new token now.
    }
    await hear(answer, body);
  }

  function postDraft(body, how) {
    const more = new URLSearchParams({ typed_in: text.id ?? "", based_on: basedOn, form_at: text.address });
    return post(form.dataset.autosave, `${body}&${more}`, { signal: AbortSignal.timeout(NOT_SAVED_AFTER), ...how });
  }

  async function hear(answer, body) {
    const said = await json(answer);
    if (answer?.ok && (said?.saved_at || said?.recorded)) {
      saved = body;
      failures = 0;
      basedOn = said.based_on ?? basedOn;
      told.say(said.recorded ? "Sent before" : `Saved ${said.saved_at}`);
      told.hush();
      if (text.isReady) return isShell ? sendReady() : form.requestSubmit();
      await kept.letGo(body);
      return;
    }
    failures += 1;
    if (said?.other) return tear(textOf(said.other), `Saved elsewhere at ${said.saved_at}`, said.based_on);
    const isKept = await keepHere();
    sayWhere();
    if (answer || !isShell) told.complainOf(answer, said, isKept);
  }

  // The same form was typed on in two places: nothing is sent until the person has brought the two together.
  function tear(other, from, moment, onDecided = () => {}) {
    told.say(kept.body === content(form) ? ONLY_HERE : "Not saved yet", { isOnlyHere: true });
    told.hush();
    torn?.end();
    torn = bothTexts(form, other, from, () => {
      torn = null;
      failures = 0;
      basedOn = moment;
      saved = null;
      onDecided();
      keepHere();
      save();
    });
  }

  // What was kept here and never acknowledged: the tab was killed, the phone went off, the session ended.
  async function takeUp() {
    const left = await kept.left();
    if (!left) return;
    if (isShell) basedOn = left.basedOn; // this page shows no draft: what is kept here is all there is
    const isWhatStands = isSameText(left.content, content(form));
    if (isWhatStands && content(form) === shown && began.basedOn) return kept.drop(left);
    const isOurs = comesBackRefused || left.basedOn === basedOn || (basedOn && began.typedIn === left.id);
    if (!isWhatStands && !isOurs) return tear(left.content, "Kept on this device", basedOn, () => kept.drop(left));
    if (!isWhatStands) fill(form, left.content);
    kept.adopt(left, content(form));
    if (content(form) !== saved && !comesBackRefused) told.say(ONLY_HERE, { isOnlyHere: true });
    text.isReady = Boolean(left.isReady && later && !comesBackRefused);
    if (!text.isReady) return save();
    return isShell ? sendReady() : form.requestSubmit();
  }

  // Is this person signed in? If not, that is told in place. Whoever has signed in again needs a new token.
  async function mayGoOn() {
    const stands = await session();
    if (stands !== "in") told.cannotGoOn(stands, await keepHere(), Boolean(later));
    return stands === "in";
  }

  // What was in the way may be gone. What is under way set out before that, and its failure says nothing of now.
  async function lookAgain() {
    await settled();
    if (!failures || asking || leaving || torn) return;
    stopWaiting();
    if (!(await mayGoOn())) return changed();
    if (text.isReady) return isShell ? sendReady() : form.requestSubmit();
    if (content(form) !== saved) return save();
    failures = 0;
    told.hush();
  }

  // A form is sent only while its person is signed in, so that nothing typed ends on a sign-in page.
  async function submit(event) {
    if (leaving || event.defaultPrevented) return;
    event.preventDefault();
    if (torn) return torn.focus();
    if (asking) return;
    const button = event.submitter;
    const saidBefore = told.says();
    asking = true;
    told.say("Sending…", { isUnderWay: true });
    const isKept = await keepHere();
    if (isShell) {
      asking = false;
      return makeReady();
    }
    const may = await mayGoOn();
    await settled(); // A save that comes in after the form would be a draft of what is sent.
    asking = false;
    if (may && !torn) {
      await unready();
      sendAlong(form, "typed_in", text.id ?? "");
      sendAlong(form, "based_on", basedOn);
      leave();
      form.requestSubmit(button);
      return;
    }
    failures += 1;
    if (told.says() === "Sending…") told.say(isKept ? ONLY_HERE : saidBefore, { isOnlyHere: isKept });
    if (later && isKept && !torn) await makeReady();
    told.focus();
    changed();
  }

  // What goes the ordinary way is not sent once more by the next page; where it comes back refused, that page goes on with it.
  function unready() {
    text.isReady = false;
    return putHere();
  }

  // The button was pressed: it is sent as soon as it can be, from whichever page of this browser.
  async function makeReady() {
    failures += 1;
    text.isReady = true;
    await putHere();
    if (isShell) return sendReady();
    told.say(SENT_LATER, { isOnlyHere: true });
  }

  async function sendReady() {
    const became = await later({ ...text });
    if (became.address) {
      leave();
      location.assign(became.address);
    } else if (became.other) {
      text.isReady = false;
      tear(textOf(became.other), `Saved elsewhere at ${became.savedAt}`, became.basedOn);
    } else if (became.sentences) {
      text.isReady = false;
      if (became.isDraft) saved = content(form);
      told.say(became.isDraft ? "Saved, not recorded yet" : ONLY_HERE, { isOnlyHere: true });
      told.complain(became.sentences.join(" "));
    } else {
      told.say(SENT_LATER, { isOnlyHere: true });
      if (became.mustSignIn) told.complain("You have been signed out. Sign in again, and it is sent.", true);
      setTimeout(lookAgain, waitingTime());
    }
  }

  function leave() {
    leaving = true;
    clearTimeout(keepTimer);
    keepTimer = null;
    stopWaiting();
    setTimeout(() => (leaving = false), GONE_AFTER);
  }

  function throwAway() {
    leave();
    kept.drop();
  }

  // Also after the form was sent; and the browser fills in what was typed.
  function comeBack() {
    if (leaving) told.say("");
    leaving = false;
    changed();
  }
}
