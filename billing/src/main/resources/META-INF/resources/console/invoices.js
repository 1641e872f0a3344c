// Invoices, the draft of the running month, and each line down to its records.

import * as api from "./api.js";
import * as format from "./format.js";
import { el, empty, facts, failure, money, table } from "./dom.js";

export function invoicesTab() {
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  (async () => {
    try {
      const [stored, draft] = await Promise.all([api.get("/v1/billing/invoices"), api.get("/v1/billing/invoices/draft")]);
      box.replaceChildren(table("Invoices, newest first", [{ text: "Number" }, { text: "Month" }, { text: "State" }, { text: "Due" }, { text: "Total", number: true }],
        [row(draft, "draft", "draft"), ...stored.toReversed().map((one) => row(one.document, String(one.document.number), one.state.toLowerCase()))], "services"),
      stored.length === 0 ? empty("None issued yet", "A month is invoiced when it is over.", `./wisp billing invoices issue ${previousMonth()}`) : "");
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  })();
  return { element: el("section.panel", { "aria-labelledby": "invoices-title" }, el("h2", { id: "invoices-title" }, "Invoices"),
    el("p.lead", {}, "Numbered without gaps, never changed once issued."), box) };
}

function previousMonth() {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

function row(document, key, stateText) {
  return el("tr", {}, el("td", {}, el("a", { href: `#billing/invoices/${key}` }, document.number === null ? "Draft" : `${document.kind === "CREDIT_NOTE" ? "Credit note " : ""}${document.number}`)),
    el("td", {}, format.month(document.month)), el("td", {}, el(`span.state.${stateText === "paid" ? "ready" : "gone"}`, {}, stateText)),
    el("td", {}, document.dueAt ? document.dueAt.slice(0, 10) : "—"), el("td.number", {}, money(document.total, document.currency)));
}

export function invoicePage(number) {
  const box = el("div.stack", {}, el("p.loading", {}, "Reading the ledger…"));
  (async () => {
    try {
      const answer = await api.get(`/v1/billing/invoices/${encodeURIComponent(number)}`);
      box.replaceChildren(...show(answer.document ?? answer, answer.state?.toLowerCase() ?? "draft"));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  })();
  return { element: box };
}

function show(document, stateText) {
  const path = `/v1/billing/invoices/${document.number}`;
  return [el("section.panel", { "aria-labelledby": "invoice-title" }, el("div.panel-head", {},
    el("h2", { id: "invoice-title" }, document.number === null ? `Draft for ${format.month(document.month)}` : `Invoice ${document.number}`),
    document.number === null ? el("span.badge", {}, "changes with every call") : el("div.actions", {},
      el("a.action", { href: `${path}/pdf`, download: `invoice-${document.number}.pdf` }, "PDF"),
      el("a.action", { href: `${path}/csv`, download: `invoice-${document.number}.csv` }, "CSV"))),
  facts([["From", document.issuer], ["To", document.account], ["Month", format.month(document.month)], ["State", stateText],
    document.issuedAt ? ["Issued", format.dateTime(document.issuedAt)] : null, document.dueAt ? ["Due", document.dueAt.slice(0, 10)] : null]),
  ...lines(document, "services"),
  el("p.summary", {}, "Each line of usage opens the records that it is the sum of. The whole can be recomputed: ./wisp billing verify"))];
}

/** The lines of an invoice or of a bill that is not one yet, with their sums. */
export function lines(document, className) {
  return [table("Lines", [{ text: "Line" }, { text: "Quantity", number: true }, { text: "Price", number: true }, { text: "Amount", number: true }],
    document.lines.map((line) => el("tr", {}, el("td", {}, line.records
      ? el("a", { href: recordsPath(line.records), "data-key": `line ${line.id}` }, line.description) : line.description,
    el("span.sub", {}, line.priceVersion === null ? `${line.category.toLowerCase()}${line.records ? "" : ", no records of its own"}`
      : el("a", { href: `#billing/prices/${line.priceVersion}`, "data-key": `prices of ${line.id}` }, `prices ${line.priceVersion}`))),
    el("td.number", {}, line.quantity === null ? "" : `${format.quantity(line.quantity)} ${line.unit}`),
    el("td.number", {}, line.parts.map((part) => part.unitPrice).join(" → ")),
    el("td.number", {}, money(line.amount, document.currency)))), className),
  el("dl.totals", {}, [["Subtotal", document.subtotal], ["Credit", document.creditApplied], ["Tax", document.tax], ["Total", document.total]]
    .flatMap(([name, amount]) => [el("dt", {}, name), el("dd", {}, money(amount, document.currency))]))];
}

/** Records of calls and of instances' time have pages of their own, which ask as the line does. */
function recordsPath(records) {
  const page = records.startsWith("/v1/billing/instance-times") ? "instance-times" : "records";
  return `#${page}?${records.slice(records.indexOf("?") + 1)}`;
}
