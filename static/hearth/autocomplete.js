// A long list of choices becomes a box to type into: <select data-autocomplete>. Loaded only by pages that hold one;
// without scripts the list stays as it is.
export async function autocomplete(select) {
  const folder = new URL("../vendor/accessible-autocomplete/", import.meta.url);
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("accessible-autocomplete.min.css", folder);
  document.head.append(style);
  await import("../vendor/accessible-autocomplete/accessible-autocomplete.min.js");
  const id = select.id;
  const described = (select.getAttribute("aria-describedby") ?? "").split(" ").map(textOf).join(" ");
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    autoselect: false, // Its hint is a second box without a label.
    defaultValue: select.value ? select.selectedOptions[0].text : "",
    inputClasses: `govuk-input${select.classList.contains("govuk-select--error") ? " govuk-input--error" : ""}`,
    tNoResults: () => "Nothing found",
    tAssistiveHint: () => `${described} Type to see the choices that fit, then use up and down arrows.`,
    onConfirm: (text) => choose(select, text),
  });
  const box = document.getElementById(id);
  box.addEventListener("blur", () => choose(select, box.value));
}

// What the box says is what the list holds; a text that is no choice chooses nothing. Told to those who listen to forms.
function choose(select, text) {
  const option = [...select.options].find((one) => one.text === text) ?? [...select.options].find((one) => !one.value);
  if (!option || option.selected) return;
  option.selected = true;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function textOf(id) {
  return document.getElementById(id)?.textContent.trim() ?? "";
}
