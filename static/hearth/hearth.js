// What every page starts: the GOV.UK components that it holds, the forms that keep what is typed, and what this device keeps.
import {
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "../vendor/govuk/govuk-frontend.min.js";
import { autosave } from "./autosave.js";
import { useDevice } from "./device.js";
import { reveal } from "./reveal.js";
import { keepKey, sendOnce } from "./send_once.js";
import { sendOne } from "./sending.js";

for (const component of [CharacterCount, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink]) {
  createAll(component);
}

const sent = document.querySelectorAll("form[method=post]");
for (const form of sent) keepKey(form);
for (const answer of document.querySelectorAll("input[data-reveals]")) reveal(answer);
const ready = useDevice();
for (const form of document.querySelectorAll("form[data-autosave]")) {
  autosave(form, { later: form.hasAttribute("data-sends-later") ? sendOne : null, ready });
}
for (const form of sent) sendOnce(form); // after what may hold a sending back
for (const select of document.querySelectorAll("select[data-autocomplete]")) {
  import("./autocomplete.js").then(({ autocomplete }) => autocomplete(select));
}

// A search is sent, and its answer found again at an address without a name: so "back" and "reload" ask nothing.
const found = document.querySelector("[data-found-again]");
if (found) history.replaceState(null, "", found.dataset.foundAgain);
