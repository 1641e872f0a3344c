// An address that no page has: says what was asked for, and where one may go on.

import { el } from "./dom.js";

const PAGES = [
  ["overview", "Overview", "the bill so far, calls and instances as they come"],
  ["services", "Services", "each with its logs, calls, scaling, revisions and cost"],
  ["invocations", "Invocations", "the last 200, live"],
  ["usage", "Usage", "any meter over any time, by group"],
  ["billing", "Billing", "this month, invoices, budgets, prices, credits"],
  ["deploy", "Deploy", "a form, and what a month would cost"],
];

/** What the address begins like: a link there comes first. */
const NEAR = { service: "services", invocation: "invocations", record: "billing", records: "billing", "instance-times": "billing", invoices: "billing", budgets: "billing", credits: "billing" };

export function page(hash) {
  const name = hash.replace(/^#/, "").split(/[/?]/)[0].toLowerCase();
  const near = NEAR[name] ?? name;
  const pages = PAGES.toSorted(([a], [b]) => Number(b === near) - Number(a === near));
  const element = el("section.panel.not-found", { "aria-labelledby": "not-found-title" },
    el("h1", { id: "not-found-title" }, "No such page"),
    el("p.lead", {}, "Nothing of this console is at ", el("code", {}, hash), ". It may be mistyped, or from another version. What there is:"),
    el("ul.pages", {}, pages.map(([key, title, text]) => el("li", {}, el("a", { href: `#${key}` }, title), el("span", {}, text)))));
  return { element, title: "No such page", update: () => {}, close: () => {} };
}
