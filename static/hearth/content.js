// What a form holds, as it is sent, and putting it back.
const NOT_TYPED = ["csrfmiddlewaretoken", "typed_in", "based_on"];

// No files, no passwords, no token against forgery.
export function content(form) {
  const held = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_TYPED.includes(name) && form.elements[name]?.type !== "password") {
      held.append(name, value);
    }
  }
  return held.toString();
}

// Fills in what was typed before. Boxes that this page does not show are sent along, so that nothing of it is lost.
export function fill(form, text) {
  const held = new URLSearchParams(text);
  for (const name of new Set([...held.keys(), ...namesOf(form)])) {
    if (name === "typist" || NOT_TYPED.includes(name)) continue;
    const boxes = [...form.elements].filter((box) => box.name === name && !isButton(box));
    if (boxes.length) put(boxes, held.getAll(name));
    else for (const value of held.getAll(name)) sendAlong(form, name, value);
  }
}

function put(boxes, values) {
  boxes.forEach((box, number) => {
    const before = box.type === "radio" || box.type === "checkbox" ? box.checked : box.value;
    if (box.type === "radio" || box.type === "checkbox") box.checked = values.includes(box.value);
    else if (box.type === "password" || box.type === "file") return;
    else if (box.type === "hidden") box.value = values[number] ?? box.value;
    else box.value = values[number] ?? "";
    const after = box.type === "radio" || box.type === "checkbox" ? box.checked : box.value;
    if (before === after) return;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

export function sendAlong(form, name, value) {
  const box = [...form.elements].find((each) => each.name === name) ?? document.createElement("input");
  Object.assign(box, { type: "hidden", name, value });
  if (!box.isConnected) form.append(box);
}

function namesOf(form) {
  return [...form.elements].filter((box) => box.name && !isButton(box) && box.type !== "hidden").map((box) => box.name);
}

// The questions that are answered in writing, in their words.
export function writtenIn(form) {
  const boxes = [...form.elements].filter((box) => box.name && (box.tagName === "TEXTAREA" || box.type === "text"));
  return boxes.map((box) => {
    const words = [box.closest("fieldset")?.querySelector("legend"), box.labels[0]].map((each) => each?.textContent.trim());
    return { name: box.name, label: words.filter(Boolean).join(": ").replace(/\s+/g, " ") };
  });
}

function isButton(box) {
  return box.tagName === "BUTTON" || ["submit", "button", "fieldset"].includes(box.type);
}

// Is it the same, but for the key and the token that each opened page has of its own?
export function isSameText(one, other) {
  return withoutKeys(one) === withoutKeys(other);
}

function withoutKeys(text) {
  const held = new URLSearchParams(text);
  for (const name of ["key", "typist", "digest"]) held.delete(name);
  held.sort();
  return held.toString();
}
