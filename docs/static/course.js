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
  // What has words on it is called by them, and the search is in a part of the page that has a name.
  const named = document.querySelectorAll("summary[aria-label], .search-button-field[aria-label]");
  named.forEach((one) => one.removeAttribute("aria-label"));
  const side = document.getElementById("pst-primary-sidebar");
  side?.setAttribute("role", "complementary");
  side?.setAttribute("aria-label", "Site");
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
