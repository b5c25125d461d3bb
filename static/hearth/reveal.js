// Shows the questions that belong to an answer only while it is chosen: <input data-reveals="id of their box">.
// GOV.UK's own module sets aria-expanded, which radio buttons may not have.
export function reveal(answer) {
  const box = document.getElementById(answer.dataset.reveals);
  const show = () => (box.hidden = !answer.checked);
  // A radio button is not told when another one is chosen.
  for (const other of answer.form.querySelectorAll(`input[name="${CSS.escape(answer.name)}"]`)) {
    other.addEventListener("change", show);
  }
  window.addEventListener("pageshow", show); // Coming back, the browser fills in answers after this has run.
  show();
}
