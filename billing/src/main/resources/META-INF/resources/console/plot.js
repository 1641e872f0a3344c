// Stacked bars, steps and a line over time: one look for every chart. The canvas is for the eye; the same figures stand in a table below it.

import uPlot from "./vendor/uplot/uPlot.esm.js";
import * as format from "./format.js";
import { el, svg, time } from "./dom.js";

const HEIGHT = 210;
const WIDTH_MIN = 240;

/**
 * A chart without data yet. show({times, seconds, series, value, words, axis}) draws: times are the starts of windows in epoch seconds,
 * series are {label, color, values, kind: "bar" | "step" | "line"}, bars are stacked in their order, value says a figure in full, axis in short.
 */
export function plot(name, height = HEIGHT) {
  let chart = null;
  let data = null;
  const legend = el("ul.legend.plot-legend", { "aria-label": `${name}: what is drawn` });
  const readout = el("p.readout", { "aria-hidden": "true" });
  const box = el("div.plot", { role: "img", "aria-label": name });
  const tableBox = el("div");
  const details = el("details", { ontoggle: () => fillTable() }, el("summary", {}, "As a table"), tableBox);
  const element = el("div.plot-box", {}, el("div.plot-head", {}, legend, readout), box, details);

  function show(given) {
    data = given;
    box.setAttribute("aria-label", `${name}. ${data.words}`);
    legend.replaceChildren(...data.series.map((series) => el("li", {}, swatch(series.color), series.label)));
    draw();
    fillTable();
  }

  function draw() {
    chart?.destroy();
    chart = new uPlot(options(Math.max(box.clientWidth, WIDTH_MIN), height, data, say), stacked(data), box);
    say(null);
  }

  function say(index) {
    readout.textContent = index === null || data.times[index] === undefined ? data.words
      : `${moment(data.times[index], data.seconds)} · ${data.series.map((series) =>
        `${data.value(series.values[index])}${data.series.length > 1 ? ` ${series.label}` : ""}`).join(", ")}`;
  }

  function fillTable() {
    if (!details.open || data === null) return;
    const rows = data.times.map((at, i) => i)
      .filter((i) => data.series.some((series) => series.values[i])).reverse();
    tableBox.replaceChildren(rows.length === 0 ? el("p", {}, "Nothing in this time.") : el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "From"),
        data.series.map((series) => el("th.number", { scope: "col" }, series.label)))),
      el("tbody", {}, rows.map((i) => {
        const iso = new Date(data.times[i] * 1000).toISOString();
        return el("tr", {}, el("td", {}, time(iso, format.dateTime(iso))),
          data.series.map((series) => el("td.number", {}, data.value(series.values[i]))));
      }))));
  }

  const resized = new ResizeObserver(() => data !== null && chart !== null && chart.width !== Math.max(box.clientWidth, WIDTH_MIN) && draw());
  resized.observe(box);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => data !== null && draw();
  dark.addEventListener("change", redraw);
  return { element, show, close: () => {
    resized.disconnect();
    dark.removeEventListener("change", redraw);
    chart?.destroy();
    chart = null;
  } };
}

export function swatch(color) {
  return svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, rx: 2, class: `fill-${color}` }));
}

/** Bars are drawn from the tallest to the shortest sum, so that each covers the lower part of the one before. */
function stacked(data) {
  const bars = data.series.filter((series) => series.kind !== "step" && series.kind !== "line");
  const sums = bars.map((_, k) => data.times.map((_, i) =>
    bars.slice(0, k + 1).reduce((sum, series) => sum + (series.values[i] ?? 0), 0)));
  return [data.times, ...sums.reverse(), ...lines(data).map((series) => series.values)];
}

function lines(data) {
  return data.series.filter((series) => series.kind === "step" || series.kind === "line");
}

function options(width, height, data, say) {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: color("muted"), grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, gap: 8,
    font: `11px ${style.getPropertyValue("--font")}` };
  const bars = data.series.filter((series) => series.kind !== "step" && series.kind !== "line").toReversed();
  const half = bars.length > 0 ? data.seconds / 2 : 0;
  return {
    width,
    height,
    padding: [10, 20, 0, 0],
    cursor: { points: { show: false }, drag: { x: false, y: false }, x: true, y: false },
    legend: { show: false },
    hooks: { setCursor: [(shown) => say(shown.cursor.idx ?? null)] },
    scales: {
      x: { range: (_, min, max) => [min - half, max + half] },
      y: { range: (_, min, max) => [0, max === null || max === 0 ? data.least ?? 1 : max * 1.08] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, size: 30, values: (_, ticks) => ticks.map((tick) => tickText(tick, data.seconds)) },
      { ...axis, size: (_, values) => 20 + 7 * Math.max(2, ...(values ?? [""]).map((text) => text?.length ?? 0)),
        values: (_, ticks) => ticks.map((tick) => data.axis(tick)) },
    ],
    series: [{}, ...bars.map((series) => ({ label: series.label, fill: color(series.color), stroke: color(series.color), width: 0,
      paths: uPlot.paths.bars({ size: [0.76, 34], radius: 0.12 }), points: { show: false } })),
    ...lines(data).map((series) => ({ label: series.label, stroke: color(series.color), width: 2, dash: series.dash, points: { show: false },
      fill: series.soft ? color(series.soft) : undefined,
      paths: series.kind === "step" ? uPlot.paths.stepped({ align: 1 }) : undefined }))],
  };
}

function tickText(seconds, step) {
  const at = new Date(seconds * 1000);
  return step >= 86_400 ? at.toLocaleDateString("en", { month: "short", day: "numeric", timeZone: "UTC" })
    : at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
}

function moment(seconds, step) {
  const at = new Date(seconds * 1000);
  return step >= 86_400 ? at.toLocaleDateString("en", { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" })
    : at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: step < 60 ? "2-digit" : undefined, hour12: false });
}
