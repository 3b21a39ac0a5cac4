// Spares keys and bytes on the page of the matrix. Without this file it does the same.
(() => {
  "use strict";
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  // Arrows lead from cell to cell.
  document.querySelector("table.matrix")?.addEventListener("keydown", (event) => {
    const [down, across] = STEPS[event.key] ?? [];
    const cell = event.target.closest("td");
    if (down === undefined || !cell || event.target.localName !== "a" || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = [...cell.closest("table").querySelectorAll("tbody tr")];
    const to = rows[rows.indexOf(cell.parentElement) + down]?.cells[cell.cellIndex + across]?.querySelector("a");
    if (!to) return;
    event.preventDefault();
    to.focus();
  });

  // Nobody leaves with words that are not saved without being asked.
  let typed = false;
  document.querySelectorAll("#scores, .cell-form").forEach((form) => {
    form.addEventListener("input", () => (typed = true));
    form.addEventListener("submit", () => (typed = false));
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault(); // the browser asks whether to leave
  });

  // What was not changed is not sent: its choice is the empty one. The server takes it for nothing either way.
  const scores = document.getElementById("scores");
  const untouched = () => [...(scores?.querySelectorAll("td select") ?? [])].filter((choice) => !choice.value);
  scores?.addEventListener("submit", () => untouched().forEach((choice) => (choice.disabled = true)));
  // Back from the next page, they can be changed again.
  window.addEventListener("pageshow", () => untouched().forEach((choice) => (choice.disabled = false)));
})();
