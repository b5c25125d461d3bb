// A double tap on a button is one sending. Only what is sent counts: after a sending that the page itself held back, the
// next tap is meant.
const SAME_TAP = 1000;

export function sendOnce(form) {
  let sentAt = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.timeStamp - sentAt < SAME_TAP) event.preventDefault();
    else sentAt = event.timeStamp;
  });
}

// Whoever comes back to a form that was sent finds it filled in by the browser, but for its hidden key. Under a new key the
// same would be recorded twice: the key stays with the page's place in the browser's history.
export function keepKey(form) {
  const { key } = form.elements;
  if (!key) return;
  const name = `key of ${form.getAttribute("action") ?? "this page"}`;
  key.value = history.state?.[name] ?? key.value;
  history.replaceState({ ...history.state, [name]: key.value }, "");
}
