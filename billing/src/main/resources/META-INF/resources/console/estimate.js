// A month of calls at today's prices, beside what others' published formulas give for the same calls.

import * as api from "./api.js";
import * as format from "./format.js";
import { el, failure, field, money, table } from "./dom.js";

const NAMES = { lambda: "Lambda", "cloud-run": "Cloud Run", "azure-container-apps": "Container Apps", "cloudflare-containers": "Cloudflare Containers", "cloudflare-workers": "Cloudflare Workers" };
const PAUSE_MILLIS = 250;

/** The panel; shape() gives memory, cpu and concurrency as the form has them, update() asks again. */
export function estimatePanel(shape) {
  const number = (id, value, min) => el("input", { id, type: "number", inputmode: "numeric", min, value, oninput: () => update() });
  const requests = number("estimate-requests", 5_000_000, 0);
  const duration = number("estimate-duration", 50, 1);
  const cpu = number("estimate-cpu", 20, 0);
  const box = el("div", { "aria-live": "polite" });
  const element = el("section.panel.estimate", { "aria-labelledby": "estimate-title" }, el("h2", { id: "estimate-title" }, "What a month would cost"),
    el("form.form", { onsubmit: (event) => event.preventDefault(), "aria-labelledby": "estimate-title" }, field("Calls a month", requests),
      el("div.form-row", {}, field("Time of a call, ms", duration), field("Processor of it, ms", cpu))), box);
  let timer = null;
  let turn = 0;

  function update() {
    clearTimeout(timer);
    timer = setTimeout(load, PAUSE_MILLIS);
  }

  async function load() {
    const mine = ++turn;
    try {
      const { memory, cpu: cores, concurrency } = shape();
      const answer = await api.send("POST", "/v1/billing/estimates", {
        requests: Math.max(0, Math.round(Number(requests.value))), durationMicros: Math.max(1, Math.round(Number(duration.value) * 1_000)),
        cpuMicros: Math.max(0, Math.round(Number(cpu.value) * 1_000)), cpuMillis: Math.round(Number(cores) * 1_000), memoryBytes: quantity(memory),
        diskBytes: 0, bytesOut: 0, startMicros: 0, coldStartPercent: 0, concurrency: Math.max(1, concurrency || 1) });
      if (mine === turn) box.replaceChildren(...show(answer));
    } catch (trouble) {
      if (mine === turn) box.replaceChildren(failure(trouble));
    }
  }
  return { element, update };
}

function quantity(text) {
  const match = /^(\d+)(Mi|Gi)$/.exec(text);
  return Number(match[1]) * (match[2] === "Gi" ? 2 ** 30 : 2 ** 20);
}

function show(answer) {
  const [mine, ...others] = answer.offers;
  return [el("p.sum", {}, money(mine.total, mine.currency), el("span.note", {}, "a month; ", money(mine.perCall, mine.currency), " a call")),
    table("What it is made of", [{ text: "For" }, { text: "Quantity", number: true }, { text: "Amount", number: true }], mine.lines.map((line) => el("tr", {},
      el("td", {}, line.meter), el("td.number", {}, `${format.count(Number(line.quantity))} ${line.unit}`), el("td.number", {}, money(line.amount, mine.currency)))), "pairs"),
    el("h3", {}, "The same calls by others' published prices"),
    table("Others", [{ text: "Price list" }, { text: "Month", number: true }], others.map((offer) => el("tr", {}, el("td", {}, NAMES[offer.name] ?? offer.name),
      el("td.number", {}, money(offer.total, offer.currency)))), "pairs"),
    el("p.summary", {}, "Theirs with the free part of each month, one service alone in the account.")];
}
