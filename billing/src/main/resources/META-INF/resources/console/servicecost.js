// What a service cost this month, calls and waiting, by revision, and what one call cost.

import * as api from "./api.js";
import * as format from "./format.js";
import { alignedMoney, el, empty, facts, failure, money, table } from "./dom.js";
import { state } from "./state.js";

export function costTab({ namespace, name }) {
  const box = el("div.stack", {}, el("p.loading", {}, "Reading the ledger…"));
  let at = 0;
  async function load() {
    try {
      const now = new Date();
      const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString();
      const [answer, bill] = await Promise.all([
        api.get("/v1/usage", { namespace, service: name, window: "MONTH", from, groupBy: "revision" }), api.get("/v1/billing/current")]);
      const total = bill.services.find((one) => one.namespace === namespace && one.service === name);
      box.replaceChildren(...panels(answer, total, namespace, name));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }
  return { element: box, update: (what) => {
    if ((what === undefined || what === "overview") && Date.now() - at > 2_000) {
      at = Date.now();
      load();
    }
  } };
}

/** How much of what there is a price for was held without a call. */
function waited(sums) {
  const seconds = (value, unit) => `${Number(value.toPrecision(3))} ${unit}`;
  return `${seconds(Number(sums.idleMillicoreMicros) / 1e9, "vCPU·s")} and ${seconds(Number(sums.idleMemoryByteMicros) / (2 ** 30 * 1e6), "GiB·s")} idle,`
    + ` ${seconds(Number(sums.frozenMemoryByteMicros) / (2 ** 30 * 1e6), "GiB·s")} frozen`;
}

function calls(total, currency) {
  if (total.invocations === 0) return [];
  const each = (times) => money(format.perCall(total.costPicos, total.invocations, times), currency);
  return [["A call", el("span", {}, each(1), " on average, without waiting")], ["A million calls", el("span", {}, each(1_000_000), " at this mix")]];
}

function month(answer, total, namespace, name) {
  const query = new URLSearchParams({ namespace, service: name, from: answer.from, to: answer.to });
  return el("section.panel", { "aria-labelledby": "month-title" }, el("h2", { id: "month-title" }, format.month(answer.from)),
    el("p.sum", {}, money(total.costWithWaiting, answer.currency)),
    facts([
      ["Calls", el("span", {}, money(total.cost, answer.currency), ` for ${format.count(total.invocations)}`)],
      ["Waiting", el("span", {}, money(total.waitingCost, answer.currency), ` for ${waited(total)}, `, el("a", { href: `#instance-times?${query}`, "data-key": "waiting" }, "by instance"))],
      ...calls(total, answer.currency),
      ["Billed time", `${format.millis(total.billedMillis)} of memory, ${format.micros(total.cpuMicros)} of processor`],
      ["Data out", format.bytes(total.bytesOut)],
    ]),
    el("p.summary", {}, "Calls and waiting, held by min-scale, idle or frozen, at the list's prices. Free parts, steps, discounts, fee and tax are the whole month's and on the bill."));
}

function panels(answer, total, namespace, name) {
  if (total === undefined) {
    return [el("section.panel", {}, empty("Nothing used this month", "The first call shows here.", `./wisp invoke ${name} --cost`))];
  }
  return [
    month(answer, total, namespace, name),
    el("section.panel", { "aria-labelledby": "by-revision" }, el("h2", { id: "by-revision" }, "By revision"),
      table("Cost by revision", [{ text: "Revision" }, { text: "Calls", number: true }, { text: "Billed", number: true },
        { text: "CPU", number: true }, { text: "Calls' cost", number: true }],
      answer.data.toReversed().map((row) => el("tr", {}, el("td", {}, row.groupBy.revision),
        el("td.number", {}, format.count(row.invocations)), el("td.number", {}, format.millis(row.billedMillis)),
        el("td.number", {}, format.micros(row.cpuMicros)), el("td.number", {}, alignedMoney(row.cost, answer.currency)))), "services"),
      el("p.more", {}, el("a", { href: `#usage?service=${encodeURIComponent(name)}&namespace=${encodeURIComponent(namespace)}&meter=cost&group=revision` },
        "Explore its usage"), state.overview === null ? "" : " · ", el("a", { href: "#billing" }, "The whole bill"))),
  ];
}
