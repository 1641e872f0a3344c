// Calls and cost over time. The line and the bars are drawn from numbers; every figure in words comes from the exact texts beside them.

import uPlot from "./vendor/uplot/uPlot.esm.js";
import * as api from "./api.js";
import * as format from "./format.js";
import { alignedMoney, el, money, time } from "./dom.js";

export const RANGES = [
  { name: "1 h", window: "MINUTE", seconds: 60, count: 60, words: "last hour, by minute" },
  { name: "24 h", window: "HOUR", seconds: 3_600, count: 24, words: "last 24 hours, by hour" },
  { name: "30 d", window: "DAY", seconds: 86_400, count: 30, words: "last 30 days, by day" },
];

const HEIGHT = 220;

/** A panel with a chart of one service, or of all; update() asks again, close() stops drawing. */
export function panel(filter) {
  let range = RANGES[0];
  let plot = null;
  let answer = null;
  const box = el("div.plot");
  const summary = el("p.summary", { role: "status" });
  const details = el("details", { ontoggle: () => fillTable() }, el("summary", {}, "As a table"));
  const tableBox = el("div");
  details.append(tableBox);
  const choices = el("div.choices", { role: "group", "aria-label": "Time shown" }, RANGES.map((option) =>
    el("button", { type: "button", "aria-pressed": String(option === range), onclick: (event) => {
      range = option;
      for (const button of choices.children) button.setAttribute("aria-pressed", String(button === event.target));
      update();
    } }, option.name)));
  const element = el("section.panel", { "aria-labelledby": "chart-title" },
    el("div.panel-head", {}, el("h2", { id: "chart-title" }, "Calls and cost"), choices), box, summary, details);

  async function update() {
    const asked = range;
    try {
      const to = new Date();
      const from = new Date((Math.floor(to / 1000 / asked.seconds) - asked.count + 1) * asked.seconds * 1000);
      const given = await api.get("/v1/usage", { ...filter, window: asked.window, from: from.toISOString() });
      if (asked !== range) return;
      answer = given;
      draw();
    } catch (trouble) {
      summary.textContent = `${answer === null ? "" : "Not up to date. "}${trouble.title}. ${trouble.message}`;
    }
  }

  function draw() {
    const width = Math.max(box.clientWidth, 260);
    const data = series(answer, range);
    if (plot === null || plot.width !== width || plot.range !== range) {
      plot?.destroy();
      plot = new uPlot(options(width, range, answer.currency), data, box);
      plot.range = range;
    } else {
      plot.setData(data);
    }
    summary.replaceChildren(`${format.count(answer.total.invocations)} calls, `, money(answer.total.cost, answer.currency),
      ` in the ${range.words}`);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", summary.textContent);
    fillTable();
  }

  function fillTable() {
    if (!details.open || answer === null) return;
    tableBox.replaceChildren(el("table", {}, el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, "From"), el("th.number", { scope: "col" }, "Calls"), el("th.number", { scope: "col" }, "Cost"))),
    el("tbody", {}, answer.data.toReversed().map((row) => el("tr", {},
      el("td", {}, time(row.windowStart, format.dateTime(row.windowStart))),
      el("td.number", {}, format.count(row.invocations)),
      el("td.number", {}, alignedMoney(row.cost, answer.currency)))))));
  }

  const resized = new ResizeObserver(() => answer !== null && plot !== null && plot.width !== box.clientWidth && draw());
  resized.observe(box);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => {
    plot?.destroy();
    plot = null;
    if (answer !== null) draw();
  };
  dark.addEventListener("change", redraw);
  update();
  return { element, update, close: () => {
    resized.disconnect();
    dark.removeEventListener("change", redraw);
    plot?.destroy();
  } };
}

/** One point a window, zero where the answer has none. */
function series(answer, range) {
  const byStart = new Map(answer.data.map((row) => [Date.parse(row.windowStart) / 1000, row]));
  const end = Date.parse(answer.to) / 1000;
  const times = [];
  for (let at = Date.parse(answer.from) / 1000; at < end; at += range.seconds) times.push(at);
  return [
    times,
    times.map((at) => byStart.get(at)?.invocations ?? 0),
    times.map((at) => Number(byStart.get(at)?.cost ?? 0)),
  ];
}

function options(width, range, currency) {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--muted"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false },
    font: `11px ${style.getPropertyValue("--font")}` };
  return {
    width,
    height: HEIGHT,
    cursor: { points: { size: 7 }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { range: (_, min, max) => [min - range.seconds / 2, max + range.seconds / 2] },
      calls: { range: (_, min, max) => [0, Math.max(max, 1) * 1.1] },
      cost: { range: (_, min, max) => [0, max === 0 ? 0.000_001 : max * 1.1] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => moment(tick, range)) },
      { ...axis, scale: "calls", size: 48, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? format.count(tick) : "")) },
      { ...axis, scale: "cost", side: 1, size: 64, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => short(tick, currency)) },
    ],
    series: [
      { label: "time", value: (_, at) => (at === null ? "—" : format.dateTime(new Date(at * 1000).toISOString())) },
      { label: "calls", scale: "calls", stroke: color("--accent"), fill: color("--accent-soft"), width: 1,
        paths: uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 }), points: { show: false },
        value: (_, calls) => (calls === null ? "—" : format.count(calls)) },
      { label: "cost", scale: "cost", stroke: color("--cost"), width: 2, points: { show: false },
        value: (_, cost) => (cost === null ? "—" : short(cost, currency)) },
    ],
  };
}

/** A rounded amount for an axis: the exact ones are in the tables. */
function short(amount, currency) {
  const { symbol } = format.moneyParts("0", currency);
  if (amount === 0) return `${symbol}0`;
  if (amount >= 0.01) return `${symbol}${amount.toFixed(2)}`;
  if (amount >= 0.000_001) return `${Number((amount * 1e6).toPrecision(3))} µ${symbol}`;
  return `${Number((amount * 1e9).toPrecision(3))} n${symbol}`;
}

function moment(seconds, range) {
  const time = new Date(seconds * 1000);
  return range.window === "DAY"
    ? time.toLocaleDateString(undefined, { month: "short", day: "numeric", timeZone: "UTC" })
    : time.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
}
