// Usage by what one asks: which meter, how long, told apart by what, beside the time before. The question is in the address.

import * as api from "./api.js";
import * as format from "./format.js";
import { windows } from "./chart.js";
import { el, failure, field, select, table } from "./dom.js";
import { plot } from "./plot.js";
import { state } from "./state.js";

const COLORS = ["cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6"];
const GROUPS_SHOWN = COLORS.length;
const PAGE = 10_000;

const micros = (value) => format.micros(Math.round(value));
const gibSeconds = (value) => `${Number(value.toPrecision(3))} GiB·s`;
const vcpuSeconds = (value) => `${Number(value.toPrecision(3))} vCPU·s`;
const wholeTick = (tick) => (Number.isInteger(tick) ? format.count(tick) : "");
const METERS = {
  cost: { name: "Cost of calls", value: format.about, axis: format.about, least: 0.000_001, of: (row) => Number(row.cost) },
  invocations: { name: "Calls", value: format.count, axis: wholeTick, of: (row) => row.invocations },
  errors: { name: "Errors", value: format.count, axis: wholeTick, of: (row) => row.errors },
  "cold-starts": { name: "Cold starts", value: format.count, axis: wholeTick, of: (row) => row.coldStarts },
  "cpu-time": { name: "Processor time", value: micros, axis: format.microsShort, least: 1_000, of: (row) => row.cpuMicros },
  "billed-time": { name: "Billed time", value: (millis) => micros(millis * 1_000), axis: (millis) => format.microsShort(millis * 1_000), of: (row) => row.billedMillis },
  "app-time": { name: "Time in the container", value: micros, axis: format.microsShort, least: 1_000, of: (row) => row.appMicros },
  "queue-time": { name: "Time held without an instance", value: micros, axis: format.microsShort, least: 1_000, of: (row) => row.queueMicros },
  "start-time": { name: "Time waited for starts", value: micros, axis: format.microsShort, least: 1_000, of: (row) => row.startMicros },
  "vcpu-time": { name: "Processors held", value: vcpuSeconds, axis: vcpuSeconds, least: 0.001, of: (row) => Number(row.vcpuMillicoreMillis) / 1_000_000 },
  "memory-time": { name: "Memory held", value: gibSeconds, axis: gibSeconds, least: 0.001, of: (row) => Number(row.memoryByteMillis) / (2 ** 30 * 1_000) },
  "idle-vcpu-time": { name: "Processors held without a call", value: vcpuSeconds, axis: vcpuSeconds, least: 0.001, of: (row) => Number(row.idleMillicoreMicros) / 1_000_000_000 },
  "idle-memory-time": { name: "Memory held without a call", value: gibSeconds, axis: gibSeconds, least: 0.001, of: (row) => Number(row.idleMemoryByteMicros) / (2 ** 30 * 1_000_000) },
  "frozen-memory-time": { name: "Memory of frozen instances", value: gibSeconds, axis: gibSeconds, least: 0.001, of: (row) => Number(row.frozenMemoryByteMicros) / (2 ** 30 * 1_000_000) },
  ingress: { name: "Data in", value: format.bytes, axis: format.bytes, least: 1_024, of: (row) => row.bytesIn },
  egress: { name: "Data out", value: format.bytes, axis: format.bytes, least: 1_024, of: (row) => row.bytesOut },
};
const SPANS = {
  hour: { name: "last hour", window: "MINUTE", seconds: 60, count: 60 },
  day: { name: "last 24 hours", window: "HOUR", seconds: 3_600, count: 24 },
  week: { name: "last 7 days", window: "HOUR", seconds: 3_600, count: 168 },
  month: { name: "last 30 days", window: "DAY", seconds: 86_400, count: 30 },
  quarter: { name: "last 90 days", window: "DAY", seconds: 86_400, count: 90 },
};
const GROUPS = { "": "nothing", namespace: "namespace", service: "service", revision: "revision", label: "a label" };
const LABEL = "label:";
const NAME = "([a-z0-9.\\-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9._\\-]{0,61}[A-Za-z0-9])?";
const names = (choices) => Object.entries(choices).map(([key, value]) => [key, value.name ?? value]);

export function page(keepFocus, query) {
  const asked = (name, choices, otherwise) => (query.get(name) in choices ? query.get(name) : otherwise);
  const on = { onchange: () => changed() };
  const meter = select(names(METERS), asked("meter", METERS, "cost"), { id: "usage-meter", ...on });
  const span = select(names(SPANS), asked("span", SPANS, "day"), { id: "usage-span", ...on });
  const labelled = (query.get("group") ?? "").startsWith(LABEL);
  const group = select(names(GROUPS), labelled ? "label" : query.has("group") ? asked("group", GROUPS, "service") : "service", { id: "usage-group", ...on });
  const text = (id, attributes) => el("input", { id, type: "text", spellcheck: "false", autocomplete: "off", ...attributes, ...on });
  const label = text("usage-label", { value: labelled ? query.get("group").slice(LABEL.length) : "", placeholder: "team", pattern: NAME });
  const labelField = field("Label", label);
  const labels = text("usage-labels", { value: query.get("labels") ?? "", placeholder: "all, or team=web" });
  const service = el("input", { id: "usage-service", type: "search", value: query.get("service") ?? "", placeholder: "all", spellcheck: "false", ...on });
  const compare = el("input", { id: "usage-compare", type: "checkbox", ...on });
  compare.checked = query.get("compare") === "yes";
  const namespace = query.get("namespace");
  const chart = plot("Usage", 240);
  const totals = el("p.sum", { role: "status" });
  const box = el("div");
  const csv = el("a.action", { download: "usage.csv" }, "Download CSV");
  const element = el("div.stack", {}, el("section.panel", { "aria-labelledby": "usage-title" },
    el("div.panel-head", {}, el("h1", { id: "usage-title" }, "Usage"), csv),
    el("form.filters", { onsubmit: (event) => event.preventDefault(), "aria-label": "What is shown" },
      field("Meter", meter), field("Time", span), field("Told apart by", group), labelField, field("Service", service),
      field("Only with labels", labels),
      el("div.field.check", {}, compare, el("label", { for: "usage-compare" }, "Compare with the time before"))),
    totals, chart.element), el("section.panel", { "aria-labelledby": "usage-groups" }, el("h2", { id: "usage-groups" }, "Sums"), box));
  let turn = 0;

  /** As the API names it; nothing until the label has a name. */
  function grouped() {
    if (group.value !== "label") return group.value;
    return label.value.trim() === "" ? "" : `${LABEL}${label.value.trim()}`;
  }

  function changed() {
    const wanted = new URLSearchParams({ meter: meter.value, span: span.value, group: grouped() });
    if (labels.value.trim() !== "") wanted.set("labels", labels.value.trim());
    if (service.value !== "") wanted.set("service", service.value);
    if (namespace) wanted.set("namespace", namespace);
    if (compare.checked) wanted.set("compare", "yes");
    history.replaceState(null, "", `#usage?${wanted}`);
    load();
  }

  async function load() {
    labelField.hidden = group.value !== "label";
    if (group.value === "label" && label.value === "") label.focus();
    const mine = ++turn;
    const of = SPANS[span.value];
    const end = (Math.floor(Date.now() / 1000 / of.seconds) + 1) * of.seconds;
    const ask = (from, to) => ({ namespace, service: service.value.trim(), window: of.window, groupBy: grouped(), labelSelector: labels.value.trim(),
      from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() });
    const length = of.seconds * of.count;
    const now = ask(end - length, end);
    csv.href = `/v1/meters/${meter.value}/csv?${new URLSearchParams(Object.entries(now).filter(([, value]) => value))}`;
    try {
      const [answer, before] = await Promise.all([whole(now), compare.checked ? whole(ask(end - 2 * length, end - length)) : null]);
      if (mine === turn) show(answer, before, of);
    } catch (trouble) {
      if (mine === turn) box.replaceChildren(failure(trouble));
    }
  }

  function show(answer, before, of) {
    const kind = METERS[meter.value];
    const groups = sums(answer, kind);
    const earlier = before === null ? null : new Map(sums(before, kind).map((one) => [one.key, one.total]));
    const times = windows(answer, of.seconds);
    const total = kind.of(answer.total);
    totals.replaceChildren(kind.value(total), el("span.note", {}, `${kind.name.toLowerCase()}, ${of.name}${before === null ? "" : `; ${change(total, kind.of(before.total))} the time before`}`));
    chart.show({ times, seconds: of.seconds, value: kind.value, axis: kind.axis, least: kind.least, words: `${kind.value(total)} in the ${of.name}`,
      series: [...bars(groups, times), ...(before === null ? [] : [shifted(before, kind, times, of)])] });
    keepFocus(() => box.replaceChildren(groups.length === 0 ? el("p.quiet", {}, "Nothing was used in this time.")
      : table("Sums by group", [{ text: grouped() === "" ? "All" : `By ${grouped().replace(LABEL, "label ")}` }, { text: kind.name, number: true },
        { text: "Share", number: true }, ...(earlier === null ? [] : [{ text: "Before", number: true }, { text: "Change", number: true }])],
      groups.map((one) => el("tr", {}, el("td", {}, one.key), el("td.number", {}, kind.value(one.total)),
        el("td.number", {}, format.share(one.total, total)), ...(earlier === null ? [] : [el("td.number", {}, kind.value(earlier.get(one.key) ?? 0)),
          el("td.number", {}, change(one.total, earlier.get(one.key) ?? 0).replace(/ (than|as)$/, ""))]))), "services")));
  }

  load();
  let at = Date.now();
  return { element, title: "Usage", close: chart.close, update: (what) => {
    if (what === "overview" && Date.now() - at > 10_000 && state.trouble === null) {
      at = Date.now();
      load();
    }
  } };
}

/** The answer with the data of all its pages. */
async function whole(question) {
  const answer = await api.get("/v1/usage", { ...question, limit: PAGE });
  while (answer.nextCursor) {
    const page = await api.get("/v1/usage", { ...question, limit: PAGE, cursor: answer.nextCursor });
    answer.data.push(...page.data);
    answer.nextCursor = page.nextCursor;
  }
  return answer;
}

/** The groups with their sums, the largest first. */
function sums(answer, kind) {
  const groups = new Map();
  for (const row of answer.data) {
    const key = Object.values(row.groupBy ?? {}).map((value) => value || "without").join("/") || "all";
    const entry = groups.get(key) ?? { key, total: 0, byStart: new Map() };
    entry.total += kind.of(row);
    entry.byStart.set(Date.parse(row.windowStart) / 1000, kind.of(row));
    groups.set(key, entry);
  }
  return [...groups.values()].sort((a, b) => b.total - a.total);
}

function bars(groups, times) {
  const named = groups.slice(0, groups.length > GROUPS_SHOWN ? GROUPS_SHOWN - 1 : GROUPS_SHOWN);
  const others = groups.slice(named.length);
  const series = named.map((one, i) => ({ label: one.key, color: COLORS[i], values: times.map((at) => one.byStart.get(at) ?? 0) }));
  if (others.length > 0) {
    series.push({ label: `${others.length} others`, color: COLORS[GROUPS_SHOWN - 1],
      values: times.map((at) => others.reduce((sum, one) => sum + (one.byStart.get(at) ?? 0), 0)) });
  }
  return series.length === 0 ? [{ label: "nothing", color: COLORS[0], values: times.map(() => 0) }] : series;
}

function shifted(before, kind, times, of) {
  const byStart = new Map();
  for (const row of before.data) {
    const at = Date.parse(row.windowStart) / 1000 + of.seconds * of.count;
    byStart.set(at, (byStart.get(at) ?? 0) + kind.of(row));
  }
  return { label: "time before", color: "ink", kind: "line", dash: [4, 4], values: times.map((at) => byStart.get(at) ?? 0) };
}

function change(now, before) {
  if (before === 0) return now === 0 ? "the same as" : "more than";
  const percent = Math.round((100 * (now - before)) / before);
  return percent === 0 ? "the same as" : percent > 0 ? `${percent} % more than` : `${-percent} % less than`;
}
