// The time of instances without calls: the records behind a line of an invoice that is for it.

import * as api from "./api.js";
import * as format from "./format.js";
import { el, failure, table, time } from "./dom.js";
import { servicePath } from "./tables.js";

const PAGE_SIZE = 50;

/** Those of a time, prices and meter, as the address says. */
export function page(keepFocus, query) {
  const filter = Object.fromEntries(["namespace", "service", "from", "to", "priceVersion", "meter", "invoice"].map((name) => [name, query.get(name)]));
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  const more = el("button.wide", { type: "button", hidden: true, onclick: () => load(cursor) }, "Older records");
  let list = [];
  let cursor = null;

  async function load(after) {
    try {
      const answer = await api.get("/v1/billing/instance-times", { ...filter, limit: PAGE_SIZE, cursor: after });
      list = [...list, ...answer.records];
      cursor = answer.nextCursor ?? null;
      more.hidden = cursor === null;
      keepFocus(() => box.replaceChildren(list.length === 0 ? el("p.quiet", {}, "No instance waited in this time.") : records(list)));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }

  load(null);
  const { from, to } = filter;
  return { title: "Time of instances", update: () => {}, close: () => {}, element: el("div.stack", {},
    el("section.panel", { "aria-labelledby": "times-title" }, el("h1", { id: "times-title" }, "Time of instances"),
      el("p.lead", {}, `${from && to ? `${format.dateTime(from)} to ${format.dateTime(to)}, newest first. ` : ""}Each is a stretch that ended at its time.`), box, more)) };
}

function records(list) {
  return table("Time of instances, newest first", [{ text: "Ended" }, { text: "Instance" }, { text: "Idle", number: true }, { text: "Frozen", number: true },
    { text: "Processors", number: true, hint: "Limit, held while idle" }, { text: "Memory", number: true, hint: "Limit, held while idle and frozen" }],
  list.map((one) => el("tr", {}, el("td", {}, time(one.at, format.dateTime(one.at)), one.reserved ? el("span.sub", {}, "held by min-scale") : null),
    el("td", {}, el("a", { href: servicePath(one.namespace, one.service), "data-key": `time ${one.timeId}` }, one.service),
      el("span.sub", {}, `${one.instanceId} on ${one.nodeId}`)),
    el("td.number", {}, format.micros(one.idleMicros)), el("td.number", {}, format.micros(one.frozenMicros)),
    el("td.number", {}, format.cores(one.cpuMillicores)), el("td.number", {}, format.bytes(one.memoryBytes)))), "records");
}
