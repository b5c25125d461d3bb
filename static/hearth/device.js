// What this device does for whoever is signed in: it has a key for that person, sends what waits, takes along whom the
// person may visit, and starts the form's shell without a connection.
import { makeKey } from "./crypt.js";
import { keepAlong } from "./keeping.js";
import { ask, asScript, json } from "./session.js";
import { finishSignOut, watchSignOut } from "./signing_out.js";
import { tellWhatWaits } from "./waiting.js";

const page = document.body.dataset;

// Answers once there is a key. A browser that keeps nothing works as one without scripts does.
export async function useDevice() {
  if (!("indexedDB" in window) || !crypto.subtle) return;
  if ("shell" in page) {
    const { startShell } = await import("./shell.js");
    return startShell();
  }
  if (!page.session) return;
  await finishSignOut();
  if (page.person) {
    watchSignOut();
    await makeKey(page.person);
    if (document.querySelector("[data-take-along], form[data-sends-later]")) takeAlong();
  }
  tellWhatWaits();
}

// Where a visit may begin: the shell of its form, and by first name the children whom this person may visit.
async function takeAlong() {
  navigator.serviceWorker?.register(page.worker, { scope: "/", updateViaCache: "all" }).catch(() => null);
  const answer = await ask(page.along, { headers: asScript, cache: "no-store" });
  const list = answer?.ok && !answer.redirected ? await json(answer) : null;
  if (list) await keepAlong(page.person, list);
}
