// A panel with the figures of one service, or of all, over time: calls, cost, where a call's time went, processor time.

import * as api from "./api.js";
import * as format from "./format.js";
import { choices, el, money } from "./dom.js";
import { plot } from "./plot.js";

export const RANGES = [
  { name: "1 h", window: "MINUTE", seconds: 60, count: 60, words: "in the last hour" },
  { name: "24 h", window: "HOUR", seconds: 3_600, count: 24, words: "in the last 24 hours" },
  { name: "30 d", window: "DAY", seconds: 86_400, count: 30, words: "in the last 30 days" },
];

const perCall = (of) => (row) => (row.invocations === 0 ? 0 : row[of] / row.invocations);

const METRICS = [
  { name: "Calls", value: format.count, axis: (tick) => (Number.isInteger(tick) ? format.count(tick) : ""), series: [
    { label: "ok", color: "accent", of: (row) => row.invocations - row.errors },
    { label: "errors", color: "bad", of: (row) => row.errors }] },
  { name: "Cost", value: format.about, axis: format.about, least: 0.000_001, series: [{ label: "cost", color: "cost", of: (row) => Number(row.cost) }] },
  { name: "Time", hint: "mean of a call", value: (micros) => format.micros(Math.round(micros)), axis: format.microsShort, least: 1_000, series: [
    { label: "queue", color: "queue", of: perCall("queueMicros") },
    { label: "start", color: "start", of: perCall("startMicros") },
    { label: "app", color: "app", of: perCall("appMicros") }] },
  { name: "Cold", value: format.count, axis: (tick) => (Number.isInteger(tick) ? format.count(tick) : ""), series: [
    { label: "cold starts", color: "start", of: (row) => row.coldStarts }] },
  { name: "CPU", value: (micros) => format.micros(Math.round(micros)), axis: format.microsShort, least: 1_000, series: [
    { label: "processor time", color: "app", of: (row) => row.cpuMicros }] },
];

/** The panel; update() asks again, close() stops drawing. */
export function panel(filter, title = "Calls and cost") {
  let range = RANGES[0];
  let metric = METRICS[0];
  let answer = null;
  let answered = null;
  const chart = plot(title);
  const summary = el("p.summary", { role: "status" });
  const element = el("section.panel", { "aria-labelledby": "chart-title" },
    el("div.panel-head", {}, el("h2", { id: "chart-title" }, title), el("div.choice-row", {},
      choices("Figure shown", METRICS, metric, (chosen) => {
        metric = chosen;
        draw();
      }), choices("Time shown", RANGES, range, (chosen) => {
        range = chosen;
        update();
      }))), chart.element, summary);

  async function update() {
    const asked = range;
    try {
      const to = new Date();
      const from = new Date((Math.floor(to / 1000 / asked.seconds) - asked.count + 1) * asked.seconds * 1000);
      const given = await api.get("/v1/usage", { ...filter, window: asked.window, from: from.toISOString() });
      if (asked !== range) return;
      answer = given;
      answered = asked;
      draw();
    } catch (trouble) {
      summary.textContent = `${answer === null ? "" : "Not up to date. "}${trouble.title}. ${trouble.message}`;
    }
  }

  function draw() {
    if (answer === null) return;
    const rows = new Map(answer.data.map((row) => [Date.parse(row.windowStart) / 1000, row]));
    const times = windows(answer, answered.seconds);
    const total = metric.series.map((series) => series.of(answer.total)).reduce((sum, value) => sum + value, 0);
    const words = metric.hint === undefined ? `${metric.value(total)} ${answered.words}` : `${metric.value(total)} ${metric.hint} ${answered.words}`;
    const used = metric.series.filter((series) => series.color !== "bad" || answer.total.errors > 0);
    chart.show({ times, seconds: answered.seconds, words, value: metric.value, axis: metric.axis, least: metric.least,
      series: used.map((series) => ({ label: series.label, color: series.color,
        values: times.map((at) => (rows.has(at) ? series.of(rows.get(at)) : 0)) })) });
    summary.replaceChildren(`${format.calls(answer.total.invocations)}, `, money(answer.total.cost, answer.currency), ` ${answered.words}`);
  }

  update();
  return { element, update, close: chart.close };
}

/** The start of each window an answer covers, in epoch seconds. */
export function windows(answer, seconds) {
  const times = [];
  const end = Date.parse(answer.to) / 1000;
  for (let at = Date.parse(answer.from) / 1000; at < end; at += seconds) times.push(at);
  return times;
}
