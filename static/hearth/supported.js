// Marks the page before it is painted, so that what needs scripts does not jump. A file of its own: the content security
// policy allows no script inside a page.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
