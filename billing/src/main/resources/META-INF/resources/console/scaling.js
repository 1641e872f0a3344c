// Why there are as many instances as there are: what was wanted over time, and each decision with its reason and numbers.

import * as api from "./api.js";
import * as format from "./format.js";
import { el, empty, facts, failure, table, time } from "./dom.js";
import { plot } from "./plot.js";

const CAUSES = {
  IDLE: "idle", DEMAND: "demand", NEVER_CALLED: "never called", PANIC: "panic", MIN_SCALE: "minimum", SCHEDULE: "schedule", HELD: "held", KEEP_ALIVE: "keep-alive",
};
const LIMIT = 200;
const SPAN_SECONDS = 600;
const POINTS = 300;

export function scalingTab({ namespace, name, keepFocus }) {
  const chart = plot("Instances", 180);
  const box = el("div", {}, el("p.loading", {}, "Asking the autoscaler…"));
  const element = el("div.stack", {}, el("section.panel", { "aria-labelledby": "scaling-title" },
    el("div.panel-head", {}, el("h2", { id: "scaling-title" }, "Instances in the last ten minutes")), chart.element),
  el("section.panel", { "aria-labelledby": "decisions-title" }, el("h2", { id: "decisions-title" }, "Decisions"),
    el("p.lead", {}, "Newest first; decisions that only confirm the one before are folded into it. Each opens to its numbers."), box));
  const opened = new Set();
  let list = [];

  async function load() {
    try {
      const answer = await api.get(`/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}/decisions`, { limit: LIMIT });
      list = answer.items;
      keepFocus(() => box.replaceChildren(list.length === 0
        ? empty("No decision yet", "The autoscaler decides when the service is deployed and whenever it is called.", `./wisp explain ${name}`)
        : el("ol.decisions", {}, list.slice(0, 60).map((decision) => entry(decision, opened)))));
      draw();
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }

  function draw() {
    const to = Math.ceil(Date.now() / 1000);
    const step = SPAN_SECONDS / POINTS;
    const times = Array.from({ length: POINTS + 1 }, (_, i) => to - SPAN_SECONDS + i * step);
    const wanted = times.map((at) => sum(list, at, (decision) => decision.desired));
    const ready = times.map((at) => sum(list, at, (decision) => decision.inputs.ready));
    const most = Math.max(0, ...wanted);
    chart.show({ times, seconds: step, least: 2, value: (n) => format.count(n ?? 0), axis: (tick) => (Number.isInteger(tick) ? String(tick) : ""),
      words: most === 0 ? "none wanted" : `at most ${most} wanted at once`, series: [
        { label: "wanted", color: "accent", soft: "accent-soft", kind: "step", values: wanted },
        { label: "ready when decided", color: "app", kind: "step", values: ready, dash: [5, 4] }] });
  }

  const timer = setInterval(load, 2_000);
  load();
  return { element, close: () => {
    clearInterval(timer);
    chart.close();
  } };
}

/** Over all revisions, what the last decision before a moment said; a decision holds until the next. */
function sum(list, at, of) {
  const latest = new Map();
  for (const decision of list) {
    if (Date.parse(decision.at) / 1000 <= at && !latest.has(decision.revision)) latest.set(decision.revision, of(decision));
  }
  return [...latest.values()].reduce((all, one) => all + one, 0);
}

function entry(decision, opened) {
  const key = `${decision.revision} ${decision.at}`;
  return el("li", {}, el("details", { open: opened.has(key), ontoggle: (event) => (event.target.open ? opened.add(key) : opened.delete(key)) },
    el("summary", { "data-key": key }, time(decision.at, format.clock(decision.at)), el("strong.desired", {}, format.count(decision.desired)),
      el("span.badge", {}, CAUSES[decision.cause] ?? decision.cause.toLowerCase().replaceAll("_", " ")),
      el("span.reason", {}, decision.reason.replace(/^\d+: /, ""))), numbers(decision)));
}

function numbers(decision) {
  const inputs = decision.inputs;
  const maybe = (name, value) => (value === undefined || value === null ? null : [name, String(value)]);
  return el("div", {}, facts([
    ["Held", `${format.dateTime(decision.at)} to ${format.clock(decision.until)}, taken ${decision.confirmations}×`],
    ["Revision", decision.revision],
    ["Requests", `${inputs.requests} in flight or waiting`],
    ["Load", `${inputs.stableAverage.toFixed(2)} over the stable window, ${inputs.panicAverage.toFixed(2)} over the panic window, target ${inputs.target} an instance`],
    maybe("By the stable window", inputs.stableWanted),
    maybe("By the panic window", inputs.panicWanted),
    maybe("In panic until", inputs.panicUntil),
    ["Bounds", `${inputs.minScale} to ${inputs.maxScale === 0 ? "no limit" : inputs.maxScale}, ${inputs.ready} ready, keep-alive ${format.millis(inputs.keepAliveMillis)}`],
    decision.unplaced > 0 ? ["Without a place", String(decision.unplaced)] : null,
  ]), decision.shares.length === 0 ? null : table("Shares of the nodes", [{ text: "Node" }, { text: "To hold", number: true },
    { text: "A gateway may add", number: true }], decision.shares.map((share) => el("tr", {}, el("td", {}, share.nodeId),
    el("td.number", {}, format.count(share.count)), el("td.number", {}, format.count(share.burst))))));
}
