// Is the person who opened this page still signed in? Asked of the server, never guessed.
const page = document.body.dataset;
const NO_ANSWER_AFTER = 10000;

export const signInUrl = page.signIn || "/";
export const asScript = { "X-Requested-With": "fetch", Accept: "application/json" };
const AS_FORM = { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" };
let token = null;

// What the server answers; null where it does not answer in time.
export function ask(url, how) {
  return fetch(url, { signal: AbortSignal.timeout(NO_ANSWER_AFTER), ...how }).catch(() => null);
}

// "in", "out" (signed out), "other" (somebody else is in), "away" (no answer). Signing in again changes the token that
// forms send: the answer holds the one of now.
export async function session() {
  const answer = await ask(page.session, { headers: asScript, cache: "no-store" });
  if (isSignedOut(answer)) return "out";
  const said = answer?.ok ? await json(answer) : null;
  if (!said) return "away";
  if (said.person !== page.person) return "other";
  token = said.token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  return "in";
}

export function isSignedOut(answer) {
  return Boolean(answer) && (answer.status === 401 || answer.status === 403 || answer.redirected);
}

// Sends a form as its person. A page that opened without a connection has no token yet.
export async function post(url, body, how) {
  if (!tokenNow()) await session();
  return ask(url, {
    ...how,
    method: "POST",
    body,
    headers: { ...asScript, ...AS_FORM, "X-CSRFToken": tokenNow(), "X-Typed-By": page.person },
  });
}

function tokenNow() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? token ?? "";
}

export function json(answer) {
  return answer?.headers.get("Content-Type")?.includes("json") ? answer.json().catch(() => null) : null;
}
