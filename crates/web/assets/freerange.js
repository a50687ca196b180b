// Small comforts. Every page works without this file.

// The list of errors is read out first.
document.querySelector(".error-summary")?.focus();

// Half-written forms are not lost by a stray click.
let touched = false;
document.addEventListener("input", (event) => {
  if (event.target.closest('form[method="post"]')) touched = true;
});
document.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
