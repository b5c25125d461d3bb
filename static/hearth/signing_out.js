// Sign-out takes the key of this device with it, and what it sealed: so it first asks about what was not sent.
import { forget, keptBy } from "./keeping.js";
import { sendWaiting } from "./sending.js";

const page = document.body.dataset;
const SIGNED_OUT = /(?:^|; )signed_out=(\d+)/;

// Somebody signed out where no script ran, or in a tab that was closed: this page does what was left to do.
export async function finishSignOut() {
  const person = document.cookie.match(SIGNED_OUT)?.[1];
  if (!person) return;
  await forget(person);
  document.cookie = `signed_out=; path=/; max-age=0; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

export function watchSignOut() {
  const warning = document.querySelector("[data-unsent]");
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      signOut(form, warning && !warning.hidden);
    });
  }
  if (warning) warnOfUnsent(warning);
}

// Away from the page that warns, whoever has something unsent is led there.
async function signOut(form, isWarned) {
  const unsent = isWarned ? [] : await keptBy(page.person).catch(() => []);
  if (unsent.length) {
    location.assign(form.action);
    return;
  }
  await forget(page.person).catch(() => null);
  form.submit();
}

async function warnOfUnsent(warning) {
  const says = warning.querySelector("[data-unsent-says]");
  const show = async () => {
    const unsent = await keptBy(page.person);
    warning.hidden = !unsent.length;
    says.textContent = unsent.length === 1 ? `“${unsent[0].title}” is kept on this device and not sent.` : `${unsent.length} texts are kept on this device and not sent: ${unsent.map((text) => `“${text.title}”`).join(", ")}.`;
    for (const button of document.querySelectorAll("main form[data-signs-out] button")) {
      button.textContent = unsent.length ? "Sign out and delete them from this device" : "Sign out";
    }
  };
  warning.querySelector("[data-send-now]").addEventListener("click", async () => {
    await sendWaiting(page.person, () => true);
    await show();
    if (!warning.hidden) says.textContent += " They could not be sent now.";
  });
  await show();
}
