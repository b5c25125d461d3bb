// Is the person who opened this page still signed in? Asked of the server, never guessed.
const page = document.body.dataset;
const NO_ANSWER_AFTER = 10000;

export const signInUrl = page.signIn || "/";
export const asScript = { "X-Requested-With": "fetch", Accept: "application/json" };

// What the server answers; null where it does not answer in time.
export function ask(url, how) {
  return fetch(url, { signal: AbortSignal.timeout(NO_ANSWER_AFTER), ...how }).catch(() => null);
}

// "in", "out" (signed out), "away" (no answer).
export async function session() {
  const answer = await ask(page.session, { headers: asScript, cache: "no-store" });
  if (isSignedOut(answer)) return "out";
  return answer?.ok ? "in" : "away";
}

export function isSignedOut(answer) {
  return Boolean(answer) && (answer.status === 401 || answer.status === 403 || answer.redirected);
}

// Signing in again changes the token that forms send. It stands only in pages, so this page is read once more, for its
// tokens and for who is signed in: "in", "other" (somebody else is), "out", "away".
export async function renew() {
  const answer = await ask(location.href, { cache: "no-store" });
  const text = await answer?.text().catch(() => null);
  if (!text) return "away";
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const person = fresh.body.dataset.person;
  if (!person) return answer.redirected ? "out" : "away";
  if (person !== page.person) return "other";
  const token = fresh.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token ?? field.value;
  return "in";
}
