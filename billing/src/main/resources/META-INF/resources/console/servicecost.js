// What a service cost this month, by meter and by revision, and what one call cost.

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
      const answer = await api.get("/v1/usage", { namespace, service: name, window: "MONTH", from, groupBy: "revision" });
      box.replaceChildren(...panels(answer, namespace, name));
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

function panels(answer, namespace, name) {
  const total = answer.total;
  if (total.invocations === 0) {
    return [el("section.panel", {}, empty("No calls this month", "What instances cost while they wait, where that has a price, is in the bill.", `./wisp invoke ${name} --cost`))];
  }
  const each = format.perCall(total.costPicos, total.invocations);
  return [
    el("section.panel", { "aria-labelledby": "month-title" }, el("h2", { id: "month-title" }, format.month(answer.from)),
      el("p.sum", {}, money(total.cost, answer.currency)),
      facts([
        ["A call", el("span", {}, money(each, answer.currency), " on average")],
        ["A million calls", el("span", {}, money(format.perCall(total.costPicos, total.invocations, 1_000_000), answer.currency), " at this mix")],
        ["Billed time", `${format.millis(total.billedMillis)} of memory, ${format.micros(total.cpuMicros)} of processor`],
        ["Data out", format.bytes(total.bytesOut)],
      ])),
    el("section.panel", { "aria-labelledby": "by-revision" }, el("h2", { id: "by-revision" }, "By revision"),
      table("Cost by revision", [{ text: "Revision" }, { text: "Calls", number: true }, { text: "Billed", number: true },
        { text: "CPU", number: true }, { text: "Cost", number: true }],
      answer.data.toReversed().map((row) => el("tr", {}, el("td", {}, row.groupBy.revision),
        el("td.number", {}, format.count(row.invocations)), el("td.number", {}, format.millis(row.billedMillis)),
        el("td.number", {}, format.micros(row.cpuMicros)), el("td.number", {}, alignedMoney(row.cost, answer.currency)))), "services"),
      el("p.more", {}, el("a", { href: `#usage?service=${encodeURIComponent(name)}&namespace=${encodeURIComponent(namespace)}&meter=cost&group=revision` },
        "Explore its usage"), state.overview === null ? "" : " · ", el("a", { href: "#billing" }, "The whole bill"))),
  ];
}
