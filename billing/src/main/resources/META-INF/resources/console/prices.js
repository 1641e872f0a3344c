// What things cost, and from when.

import * as api from "./api.js";
import * as format from "./format.js";
import { el, failure, money, table, time } from "./dom.js";

export function tab() {
  const box = el("div", {}, el("p.loading", {}, "Reading the price book…"));
  const element = el("section.panel", { "aria-labelledby": "prices-title" },
    el("h2", { id: "prices-title" }, "Prices"),
    el("p.lead", {}, "Each record keeps the version it was rated with. Time of instances without calls costs nothing where a version has no price for it."), box);

  async function load() {
    try {
      const books = await api.get("/v1/billing/prices");
      box.replaceChildren(table("Price books, newest first", [
        { text: "Version" }, { text: "From" }, { text: "Request", number: true }, { text: "Processor second", number: true },
        { text: "vCPU second held", number: true }, { text: "GiB second", number: true }, { text: "GB of answers", number: true },
        { text: "Time step", number: true }, { text: "Starts" },
      ], books.map((book) => el("tr", {},
        el("td", {}, String(book.version)),
        el("td", {}, book.effectiveFrom.startsWith("1970") ? "the beginning" : time(book.effectiveFrom, format.dateTime(book.effectiveFrom))),
        el("td.number", {}, money(book.perRequest, book.currency)),
        el("td.number", {}, money(book.perCpuSecond, book.currency)),
        el("td.number", {}, money(book.perVcpuSecond, book.currency)),
        el("td.number", {}, money(book.perGibSecond, book.currency)),
        el("td.number", {}, money(book.perEgressGb, book.currency)),
        el("td.number", {}, format.millis(book.incrementMillis)),
        el("td", {}, book.startBilled ? "billed" : "free")))));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }
  load();
  return { element };
}
