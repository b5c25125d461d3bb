// The same form was typed on in two places: both texts side by side, question by question, until the person has decided.
let number = 0;

// `other` is the text that does not stand in the form, `from` where it is. `onDecided` is called once what stands in the
// form is what counts.
export function bothTexts(form, other, from, onDecided) {
  const panel = element("section", "hearth-both", [
    element("h2", "govuk-heading-m", "You typed into this form in two places"),
    element("p", "govuk-body", "Neither text is lost. Look at each answer that differs, then go on with what stands in the form."),
  ]);
  panel.tabIndex = -1;
  panel.setAttribute("aria-label", "Two texts");
  const questions = differing(form, other);
  for (const question of questions) panel.append(drawn(form, question, from));
  if (!questions.length) panel.append(element("p", "govuk-body", "No answer differs."));
  const go = button("Go on with what stands in the form", "govuk-button", () => {
    end();
    onDecided();
  });
  panel.append(go);
  const saved = form.querySelector(".hearth-saved");
  if (saved) saved.before(panel);
  else form.append(panel);
  panel.focus();
  panel.scrollIntoView({ block: "start" });

  function end() {
    panel.remove();
  }
  return { end, focus: () => panel.focus() };
}

// What the server tells of the other text, {name: [answers]}, as a form would send it.
export function textOf(answers) {
  const held = new URLSearchParams();
  for (const [name, values] of Object.entries(answers)) for (const value of values) held.append(name, value);
  return held.toString();
}

function differing(form, other) {
  const held = new URLSearchParams(other);
  const boxes = [...form.elements].filter((box) => box.name && box.type !== "hidden" && box.closest(".govuk-form-group"));
  const groups = new Map();
  for (const box of boxes) {
    const group = box.closest(".govuk-date-input")?.closest(".govuk-form-group") ?? groupOf(box);
    groups.set(group, [...(groups.get(group) ?? []), box]);
  }
  return [...groups]
    .map(([group, own]) => ({ group, boxes: own, here: saidIn(own), there: saidIn(own, held), held }))
    .filter(({ here, there }) => here !== there);
}

function groupOf(box) {
  const isChoice = box.type === "radio" || box.type === "checkbox";
  return (isChoice && box.closest("fieldset")?.closest(".govuk-form-group")) || box.closest(".govuk-form-group");
}

// What the boxes of one question say, in words: as they stand, or as another text answers them.
function saidIn(boxes, held = null) {
  const said = boxes.map((box) => {
    if (box.type === "radio" || box.type === "checkbox") {
      const chosen = held ? held.getAll(box.name).includes(box.value) : box.checked;
      return chosen ? (box.labels[0]?.textContent.trim() ?? box.value) : "";
    }
    const value = held ? (held.get(box.name) ?? "") : box.value;
    return box.tagName === "SELECT" ? ([...box.options].find((one) => one.value === value)?.text ?? value) : value;
  });
  return said.map((each) => each.trim()).filter(Boolean).join(boxes[0].type === "checkbox" ? ", " : " ");
}

function drawn(form, { group, boxes, there, held }, from) {
  const label = group.querySelector("legend, label")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const id = `both-${(number += 1)}`;
  const heading = element("h3", "govuk-heading-s", label);
  heading.id = id;
  const mine = element("div", "hearth-both__text", saidIn(boxes) || "Nothing");
  const theirs = element("div", "hearth-both__text", there || "Nothing");
  const renew = () => (mine.textContent = saidIn(boxes) || "Nothing");
  form.addEventListener("input", renew);
  form.addEventListener("change", renew);
  const acts = [button("Take this one", "govuk-button govuk-button--secondary", () => take(boxes, held))];
  const long = boxes.find((box) => box.tagName === "TEXTAREA");
  if (long) {
    acts.push(
      button("Put this below mine", "govuk-button govuk-button--secondary", () => {
        write(long, [long.value.trimEnd(), held.get(long.name)].filter(Boolean).join("\n\n"));
      }),
    );
  }
  for (const act of acts) act.setAttribute("aria-describedby", id);
  return element("div", "hearth-both__question", [
    heading,
    element("div", "hearth-both__pair", [
      element("div", "hearth-both__one", [element("p", "hearth-both__from", "In the form"), mine]),
      element("div", "hearth-both__one", [element("p", "hearth-both__from", from), theirs, element("div", "govuk-button-group", acts)]),
    ]),
  ]);
}

function take(boxes, held) {
  for (const box of boxes) {
    if (box.type === "radio" || box.type === "checkbox") {
      box.checked = held.getAll(box.name).includes(box.value);
    } else box.value = held.get(box.name) ?? "";
  }
  for (const box of boxes) if (box.type !== "radio" || box.checked) tell(box);
}

function write(box, value) {
  box.value = value;
  tell(box);
}

function tell(box) {
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function element(tag, className, inside) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...(Array.isArray(inside) ? inside : [inside]));
  return made;
}

function button(text, className, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
