// Small comforts. Every page works without this file.

// The list of errors is read out first.
document.querySelector(".error-summary")?.focus();

// Half-written forms are not lost by a stray click, and a button pressed twice sends once.
let touched = false;
const sent = new WeakMap();
document.addEventListener("input", (event) => {
  if (event.target.closest('form[method="post"]')) touched = true;
});
document.addEventListener("submit", (event) => {
  const before = sent.get(event.target);
  if (event.target.method === "post" && before !== undefined && event.timeStamp - before < 2000) {
    event.preventDefault();
    return;
  }
  sent.set(event.target, event.timeStamp);
  touched = false;
});
window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

// Menus close with Escape, giving the focus back, and when the reader goes on elsewhere.
const menus = document.querySelectorAll("header.site details");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});
for (const leaving of ["click", "focusin"]) {
  document.addEventListener(leaving, (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
}

// On a phone a long search form folds away behind the word for searching; it stays open while it is in use.
if (matchMedia("(max-width: 48rem)").matches) {
  for (const form of document.querySelectorAll("form.filters")) {
    if (form.querySelectorAll(".field").length < 3) continue;
    const sieve = document.createElement("details");
    const summary = document.createElement("summary");
    sieve.className = "sieve";
    summary.textContent = form.querySelector("label").textContent;
    sieve.open = [...new URLSearchParams(location.search)].some(([name, value]) => name !== "page" && value !== "");
    form.before(sieve);
    sieve.append(summary, form);
  }
}

// What is under way is looked at again by itself.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.replace(again.href), 2500);
