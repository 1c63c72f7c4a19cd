document.addEventListener("DOMContentLoaded", () => {
  // A wide table scrolls by itself: let the keyboard reach it too.
  for (const table of document.querySelectorAll("main table.table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
  // A fold is called by the words on it, and the search is in a part of the page that has a name.
  document.querySelectorAll("summary[aria-label]").forEach((summary) => summary.removeAttribute("aria-label"));
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
