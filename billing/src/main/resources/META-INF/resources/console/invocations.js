// The live list, a service's own page with its older records, and one invocation with the sum that made its cost.

import * as api from "./api.js";
import * as format from "./format.js";
import * as tables from "./tables.js";
import { el, empty, failure, time } from "./dom.js";
import { recent } from "./overview.js";
import { explain } from "./rating.js";
import { state } from "./state.js";
import { bar, legend, PHASES, startParts, total } from "./waterfall.js";

const PAGE_SIZE = 50;

export function livePage(keepFocus) {
  const box = el("div");
  const element = el("div.stack", {}, el("section.panel", { "aria-labelledby": "live-title" },
    el("div.panel-head", {}, el("h1", { id: "live-title" }, "Live invocations"), legend()),
    el("p.lead", {}, "The last 200, as they reach the ledger. Each row opens."), box));
  return { element, title: "Invocations", close: () => {}, update: (what) => {
    if (what === "instances" || what === "link") return;
    keepFocus(() => box.replaceChildren(recent(state.records, state.overview?.currency ?? "USD", 200)));
  } };
}

export function recordsTab({ namespace, name, keepFocus }) {
  const page = recordList({ namespace, service: name }, keepFocus,
    () => empty("No calls yet", "Call the service, and its record shows here within a second.", `./wisp invoke ${name} --cost`));
  return { ...page, element: el("section.panel", { "aria-labelledby": "service-records" }, el("div.panel-head", {},
    el("h2", { id: "service-records" }, "Invocations"), legend()), page.element) };
}

/** Records of a time, such as those behind a line of an invoice. */
export function rangePage(keepFocus, query) {
  const from = query.get("from");
  const to = query.get("to");
  const list = recordList({ namespace: query.get("namespace"), service: query.get("service"), from, to,
    priceVersion: query.get("priceVersion"), meter: query.get("meter"), invoice: query.get("invoice") }, keepFocus,
    () => empty("No records in this time", "A record is stored within about a second of its call's response.", "./wisp billing records"));
  return { ...list, title: "Records", element: el("div.stack", {}, el("section.panel", { "aria-labelledby": "range-title" },
    el("div.panel-head", {}, el("h1", { id: "range-title" }, "Records"), legend()),
    el("p.lead", {}, from && to ? `${format.dateTime(from)} to ${format.dateTime(to)}, newest first.` : "Newest first."), list.element)) };
}

function recordList(filter, keepFocus, none) {
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  const more = el("button.wide", { type: "button", hidden: true, onclick: () => load(true) }, "Older records");
  let list = [];
  let cursor = null;
  let at = 0;

  async function load(older) {
    try {
      const answer = await api.get("/v1/billing/records", { ...filter, limit: PAGE_SIZE, cursor: older ? cursor : null });
      if (older || list.length <= PAGE_SIZE) {
        list = older ? [...list, ...answer.records] : answer.records;
        cursor = answer.nextCursor;
      }
      more.hidden = cursor === null || cursor === undefined;
      keepFocus(() => box.replaceChildren(list.length === 0 ? none() : tables.records(list, state.overview?.currency ?? "USD")));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }

  function update(what) {
    if ((what === "overview" || what === undefined) && Date.now() - at > 1_500) {
      at = Date.now();
      load(false);
    }
  }
  return { element: el("div", {}, box, more), update, close: () => {} };
}

export function recordPage(keepFocus, id) {
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  const element = el("div.stack", {}, box);

  async function load() {
    try {
      const [record, books, tried] = await Promise.all([
        api.get(`/v1/billing/records/${encodeURIComponent(id)}`), api.get("/v1/billing/prices"), triedCall(id)]);
      box.replaceChildren(detail(record, books.find((book) => book.version === record.priceVersion), tried));
    } catch (trouble) {
      box.replaceChildren(el("div.trouble", { role: "alert" }, el("h1", {}, trouble.title), el("p", {}, trouble.message),
        trouble.hint ? el("p", {}, trouble.hint) : null, el("p", {}, el("a", { href: "#invocations" }, "Those that were made last"))));
    }
  }
  load();
  return { element, title: "Invocation", update: () => {}, close: () => {} };
}

/** What the gateway knows of its attempts; nothing where it went through at once, or no gateway runs in this process. */
async function triedCall(id) {
  try {
    return (await api.get("/v1/attempts", { call: id })).items[0];
  } catch {
    return undefined;
  }
}

function attempts(tried) {
  if (tried === undefined) return null;
  return el("section.panel", { "aria-labelledby": "attempts-title" },
    el("h2", { id: "attempts-title" }, tried.attempts === 1 ? "Tried once" : `Tried ${tried.attempts} times`),
    tried.leftAlone ? el("p", {}, `It waited while ${tried.leftAlone}.`) : null,
    el("dl.facts", {}, (tried.ended ?? []).flatMap((attempt) => [
      el("dt", {}, `after ${format.micros(attempt.beganMicros)}`),
      el("dd", {}, `${attempt.instanceId} on ${attempt.nodeId}, ${attempt.ending.toLowerCase()} after ${format.micros(attempt.tookMicros)}: ${attempt.detail}`)])),
    tried.notKept ? el("p", {}, `And ${tried.notKept} more.`) : null);
}

function detail(record, book, tried) {
  const currency = book?.currency ?? "USD";
  const facts = [
    ["Received", time(record.receivedAt, format.dateTime(record.receivedAt))],
    ["Result", tables.result(record)],
    ["Request", `${record.method}, ${format.bytes(record.bytesIn)} in, ${format.bytes(record.bytesOut)} out`],
    ["Made by", madeBy(record)],
    ["Revision", record.revision],
    ["Instance", `${record.instanceId} on ${record.nodeId}${record.coldStart ? ", started for this call" : ""}`],
    ["Memory", `${format.bytes(record.memoryBytes)} limit, ${format.bytes(record.memoryPeakBytes)} at most used`],
    ["Processors", record.cpuMillicores === 0 ? "limit not recorded" : `${format.cores(record.cpuMillicores)} limit`],
    ["Processor time", format.micros(record.cpuMicros) + (record.cpuApportioned ? ", a share: other calls used the instance too" : ", measured")],
  ];
  return el("div.stack", {}, el("div.heading", {},
    el("p.crumb", {}, el("a", { href: tables.servicePath(record.namespace, record.service) }, record.service), " / invocation"),
    el("h1.id", {}, record.invocationId)),
  el("section.panel", { "aria-labelledby": "phases-title" }, el("div.panel-head", {},
    el("h2", { id: "phases-title" }, `Where ${format.micros(total(record))} went`), legend()),
  el("div.big-bar", {}, bar(record, total(record))),
  el("dl.facts", {}, PHASES.flatMap((phase) => [el("dt", {}, phase.name),
    el("dd", {}, `${format.micros(record[phase.key])} — ${phase.hint}`)])), startTable(record)),
  attempts(tried),
  el("section.panel", { "aria-labelledby": "cost-title" }, el("h2", { id: "cost-title" }, "How the cost came about"),
    book === undefined ? el("p", {}, `Price version ${record.priceVersion} is not known here; the node's figure stands.`)
      : explain(record, book, currency)),
  el("section.panel", { "aria-labelledby": "facts-title" }, el("h2", { id: "facts-title" }, "Record"),
    el("dl.facts", {}, facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))));
}

function madeBy(record) {
  if (record.trigger === "UNKNOWN") return "not recorded";
  const caller = record.trigger === "PUBSUB" ? "a stored call, whose caller does not wait" : "a caller who waited";
  return record.attempt > 1 ? `${caller}, attempt ${record.attempt}` : caller;
}

/** The parts are the whole start's: of one that was under way when the call came, the call waited for less. */
function startTable(record) {
  const parts = startParts(record);
  if (parts.length === 0) return null;
  const sum = parts.reduce((micros, part) => micros + part.micros, 0);
  return el("div", { id: "start-parts" }, el("h3", {}, `Where the start's ${format.micros(sum)} went`),
    el("dl.facts", {}, parts.flatMap((part) => [el("dt", {}, part.name),
      el("dd", {}, format.micros(part.micros) + (part.hint ? ` — ${part.hint}` : ""))])));
}
