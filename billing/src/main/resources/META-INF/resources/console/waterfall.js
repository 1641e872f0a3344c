// The phases of one invocation as a bar: held in the queue, waiting for a start, in the container.

import { svg, el } from "./dom.js";
import * as format from "./format.js";

export const PHASES = [
  { key: "queueMicros", name: "queue", hint: "held until an instance had room" },
  { key: "startMicros", name: "start", hint: "waited for a sandbox to start" },
  { key: "appMicros", name: "app", hint: "in the container" },
];

const PART_HINTS = {
  schedule: "until the node had a thread for it",
  claim: "took a sandbox that was ready",
  network: "connected it",
  prepare: "mounted the image, set the limits",
  execute: "ran the program",
  listen: "until the program listened",
};

/** What the start was made of, in order; empty of a call that found an instance. */
export function startParts(record) {
  return Object.entries(record.startParts ?? {}).map(([name, micros]) => ({ name, micros, hint: PART_HINTS[name] }));
}

export function total(record) {
  return record.queueMicros + record.startMicros + record.appMicros;
}

export function describe(record) {
  return PHASES.map((phase) => `${phase.name} ${format.micros(record[phase.key])}`).join(", ");
}

/** Width is relative to the longest shown; square roots keep a 1 ms call visible beside one of a second. */
export function bar(record, longestMicros) {
  const whole = Math.sqrt(total(record) / Math.max(longestMicros, 1)) * 100;
  const parts = [];
  let x = 0;
  for (const phase of PHASES) {
    const width = total(record) === 0 ? 0 : (whole * record[phase.key]) / total(record);
    if (width > 0) {
      parts.push(svg("rect", { x, y: 0, width: Math.max(width, 0.6), height: 10, class: `phase-${phase.name}` }));
    }
    x += width;
  }
  return svg("svg", { class: "waterfall", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img",
    "aria-label": describe(record) }, ...parts);
}

export function legend() {
  return el("ul.legend", { "aria-label": "Phases" }, PHASES.map((phase) =>
    el("li", { title: phase.hint }, svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" },
      svg("rect", { width: 10, height: 10, rx: 2, class: `phase-${phase.name}` })), phase.name)));
}
