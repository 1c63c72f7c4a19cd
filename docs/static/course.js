document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("main table.table")) {
    // On a phone a table of sentences is a list, in which each cell has the name of its column.
    const cells = [...table.querySelectorAll("td")];
    const names = [...table.querySelectorAll("thead th")].map((name) => name.textContent);
    cells.forEach((cell) => (cell.dataset.name = names[cell.cellIndex]));
    table.classList.toggle("sentences", names.length < 6 && cells.some((cell) => cell.textContent.length > 30));
    // A wide table scrolls by itself: let the keyboard reach it too.
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
  // A fold is called by the words on it.
  document.querySelectorAll("summary[aria-label]").forEach((one) => one.removeAttribute("aria-label"));
  // What closes behind a formula stays on its line.
  for (const formula of document.querySelectorAll("span.math")) {
    const [mark] = formula.nextSibling?.textContent.match(/^[).,;:?!]+/) ?? [];
    if (!mark) continue;
    const whole = document.createElement("span");
    whole.className = "unbroken";
    formula.nextSibling.textContent = formula.nextSibling.textContent.slice(mark.length);
    formula.replaceWith(whole);
    whole.append(formula, mark);
  }
  const contents = document.getElementById("pst-secondary-sidebar-modal");
  contents?.addEventListener("click", (event) => event.target.closest("a") && contents.close());
});
// On paper every fold is open.
let folds = [];
addEventListener("beforeprint", () => {
  folds = [...document.querySelectorAll("details:not([open])")];
  folds.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => folds.forEach((fold) => (fold.open = false)));
