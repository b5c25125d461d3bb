// Shows the questions that belong to an answer only while it is chosen: <input data-reveals="ids of their boxes">.
// GOV.UK's own module sets aria-expanded, which radio buttons may not have.
export function reveal(answer) {
  const answers = answer.form.querySelectorAll(`input[name="${CSS.escape(answer.name)}"]`);
  for (const id of answer.dataset.reveals.split(" ")) {
    const box = document.getElementById(id);
    // Several answers may reveal the same question.
    const asking = [...answers].filter((other) => other.dataset.reveals?.split(" ").includes(id));
    const show = () => (box.hidden = !asking.some((other) => other.checked));
    // A radio button is not told when another one is chosen.
    for (const other of answers) other.addEventListener("change", show);
    window.addEventListener("pageshow", show); // Coming back, the browser fills in answers after this has run.
    show();
  }
}
