// What there is to pay: this month, what it is going to be, invoices and what they are made of, prices, credits.

import * as api from "./api.js";
import * as format from "./format.js";
import * as prices from "./prices.js";
import { budgetsTab } from "./budgets.js";
import { creditsTab } from "./credits.js";
import { alignedMoney, el, empty, failure, figure, money, table, tabs } from "./dom.js";
import { invoicePage, invoicesTab, lines } from "./invoices.js";

const TABS = [["current", "This month", currentTab], ["invoices", "Invoices", invoicesTab], ["budgets", "Budgets", budgetsTab],
  ["prices", "Prices", prices.tab], ["credits", "Credits", creditsTab]];

/** Tabs of which one invoice or one version has an address. */
const NUMBERED = ["invoices", "prices"];

/** Null where there is no such tab, and where a tab has no pages of its own. */
export function page(keepFocus, wanted = "current", number = undefined) {
  const [key, title, open] = TABS.find(([one]) => one === wanted) ?? [];
  if (key === undefined || (number !== undefined && !NUMBERED.includes(key))) return null;
  const tab = key === "invoices" && number !== undefined ? invoicePage(number) : open(keepFocus, number);
  const element = el("div.stack", {}, el("h1", {}, "Billing"),
    tabs("Parts of billing", TABS.map(([one, text]) => [one, text, one === "current" ? "#billing" : `#billing/${one}`]), key), tab.element);
  return { element, title: `${title} · Billing`, update: (what) => tab.update?.(what), close: () => tab.close?.() };
}

function currentTab(keepFocus) {
  const box = el("div.stack", {}, el("p.loading", {}, "Reading the ledger…"));
  let at = 0;
  async function load() {
    try {
      const [bill, projected, credits] = await Promise.all([
        api.get("/v1/billing/current"), api.get("/v1/billing/projected"), api.get("/v1/billing/credits")]);
      keepFocus(() => box.replaceChildren(figures(bill, projected, credits), asInvoice(bill), services(bill)));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }
  return { element: box, update: (what) => {
    if ((what === undefined || what === "overview") && Date.now() - at > 2_000) {
      at = Date.now();
      load();
    }
  } };
}

function figures(bill, projected, credits) {
  return el("dl.figures.bill", {},
    figure("So far", money(bill.total, bill.currency), `${format.month(bill.from)}, as its invoice would say`),
    figure("At this pace", money(projected.runRate, bill.currency), "whole month, all included"),
    figure("By weekdays", money(projected.sameWeekday, bill.currency), "as in the last four weeks"),
    figure("Credits left", money(credits.left, credits.currency), "taken before tax"));
}

/** What the invoice would say if the month ended now. */
function asInvoice(bill) {
  return bill.lines.length === 0 ? "" : el("section.panel", { "aria-labelledby": "bill-lines" }, el("h2", { id: "bill-lines" }, "As an invoice"),
    ...lines(bill, "lines"), el("p.summary", {}, "Free parts, steps, discounts, fee, time without calls, credit and tax included; each line rounded once."));
}

function services(bill) {
  if (bill.services.length === 0) {
    return el("section.panel", {}, empty("Nothing to pay yet", "The first call shows here.", "./wisp invoke hello --cost"));
  }
  const total = bill.services.reduce((sum, one) => sum + Number(one.costWithWaitingPicos), 0);
  const sorted = bill.services.toSorted((a, b) => Number(BigInt(b.costWithWaitingPicos) - BigInt(a.costWithWaitingPicos)));
  return el("section.panel", { "aria-labelledby": "bill-services" }, el("div.panel-head", {}, el("h2", { id: "bill-services" }, "By service"),
    el("a.action", { href: `/v1/billing/exports/focus/1.4/cost-and-usage.csv?month=${bill.from.slice(0, 7)}`, download: "cost-and-usage.csv" }, "FOCUS 1.4 CSV")),
  table("This month by service", [{ text: "Service" }, { text: "Calls", number: true }, { text: "Billed", number: true }, { text: "CPU", number: true },
    { text: "Share", number: true, hint: "Of what all services cost" }, { text: "Calls' cost", number: true },
    { text: "Waiting", number: true, hint: "Time of instances without calls, at the list's price" }, { text: "Both", number: true }], sorted.map((one) => el("tr", {},
    el("td", {}, el("a", { href: `#service/${encodeURIComponent(one.namespace)}/${encodeURIComponent(one.service)}/cost`, "data-key": `bill ${one.namespace}/${one.service}` },
      one.namespace === "default" ? one.service : `${one.namespace}/${one.service}`)),
    el("td.number", {}, format.count(one.invocations)), el("td.number", {}, format.millis(one.billedMillis)),
    el("td.number", {}, format.micros(one.cpuMicros)), el("td.number", {}, format.share(Number(one.costWithWaitingPicos), total)),
    el("td.number", {}, alignedMoney(one.cost, bill.currency)), el("td.number", {}, alignedMoney(one.waitingCost, bill.currency)),
    el("td.number", {}, alignedMoney(one.costWithWaiting, bill.currency)))), "services"),
  el("p.summary", {}, "What calls cost each by itself and what instances cost while they waited for some, exact to 10⁻¹²: before free parts, steps, fee and all that only a month has."));
}
