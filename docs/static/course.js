// A wide table scrolls by itself: let the keyboard reach it too.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("main table.table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
});
