// What was granted, and what invoices left of it.

import * as api from "./api.js";
import * as format from "./format.js";
import { command, el, empty, failure, money, table, time } from "./dom.js";

const GRANT = "./wisp billing credits --grant 10 --reason welcome";

export function creditsTab() {
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  (async () => {
    try {
      const credits = await api.get("/v1/billing/credits");
      box.replaceChildren(...show(credits));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  })();
  return { element: el("section.panel", { "aria-labelledby": "credits-title" }, el("h2", { id: "credits-title" }, "Credits"),
    el("p.lead", {}, "An invoice takes from credits before tax, at most its subtotal and from the oldest first. A credit does not expire."), box) };
}

function show(credits) {
  if (credits.grants.length === 0) return [empty("None granted yet", "The next invoice takes from a credit before anything is to be paid.", GRANT)];
  return [el("p.sum", {}, money(credits.left, credits.currency), el("span.note", {}, "left of all")),
    table("Credits, newest first", [{ text: "Credit" }, { text: "Granted" }, { text: "Reason" }, { text: "Amount", number: true }, { text: "Left", number: true }],
      credits.grants.map((grant) => el("tr", {}, el("td", {}, `Credit ${grant.number}`), el("td", {}, time(grant.grantedAt, format.dateTime(grant.grantedAt))),
        el("td.wrap", {}, grant.reason), el("td.number", {}, money(grant.amount, credits.currency)),
        el("td.number", {}, Number(grant.left) === 0 ? el("span.quiet", {}, "used up") : money(grant.left, credits.currency)))), "credits"),
    el("p.more", {}, "Another, from a shell: ", command(GRANT))];
}
