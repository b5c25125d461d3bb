// What a form says of itself: what is saved, and what is in the way. components/saved_status.html.
import { signInUrl } from "./session.js";

export function saying(form) {
  const says = form.querySelector("[data-saved-status]");
  const trouble = form.querySelector("[data-saved-trouble]");

  const told = {
    says: () => says?.textContent ?? "",

    say(text, { isUnderWay = false, isOnlyHere = false } = {}) {
      if (!says) return;
      if (says.textContent !== text) says.textContent = text;
      says.toggleAttribute("data-under-way", isUnderWay);
      says.toggleAttribute("data-only-here", isOnlyHere);
    },

    complain(text, mustSignIn = false) {
      if (!trouble || trouble.dataset.said === text) return;
      trouble.dataset.said = text;
      trouble.hidden = false;
      const paragraph = document.createElement("p");
      paragraph.textContent = text;
      trouble.replaceChildren(paragraph, ...(mustSignIn ? [signInLink()] : []));
    },

    hush() {
      if (!trouble || trouble.hidden) return;
      trouble.hidden = true;
      trouble.replaceChildren();
      delete trouble.dataset.said;
    },

    // Why what was sent is not saved.
    complainOf(answer, said, isKept) {
      const stays = isKept ? "It is kept on this device" : "It stays on this page";
      if (answer && answer.status >= 400 && answer.status < 500) {
        told.complain(said?.error ?? `What you typed could not be saved. ${stays}: copy it before you leave.`);
        return;
      }
      const why = answer ? "the server did not answer as it should" : "there is no connection";
      told.complain(`What you typed is not saved yet: ${why}. ${stays} and is sent when that is mended.`);
    },

    // Why nothing is sent now.
    cannotGoOn(stands, isKept, isSentLater) {
      const stays = isKept ? "What you typed is kept on this device" : "What you typed stays here";
      if (stands === "out") {
        told.complain(`You have been signed out. ${stays}. Sign in again, then come back to this tab.`, true);
      } else if (stands === "other") {
        told.complain("Somebody else has signed in on this browser. What you typed stays here and is not sent under their name.", true);
      } else {
        told.complain(`There is no connection. ${stays}. ${isSentLater ? "It is sent when there is one." : "Try again when there is one."}`);
      }
    },

    focus: () => trouble?.focus(),
  };
  return told;
}

export function signInLink() {
  const link = document.createElement("a");
  Object.assign(link, { href: signInUrl, target: "_blank", rel: "noopener", className: "govuk-link" });
  link.textContent = "Sign in (opens in a new tab)";
  return link;
}
