import { el, empty } from "./dom.js";

export function budgetsTab() {
  return { element: el("section.panel", { "aria-labelledby": "budgets-title" }, el("h2", { id: "budgets-title" }, "Budgets"),
    empty("No budget yet", "A budget warns, slows down or stops what would cost more.", "./wisp billing budgets")) };
}
