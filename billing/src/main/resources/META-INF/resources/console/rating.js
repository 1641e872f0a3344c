// The ledger's arithmetic once more, in the reader's own browser and in whole numbers: what is shown adds up, or says that it does not.

import * as format from "./format.js";
import { alignedMoney, el, money } from "./dom.js";

const MICROS_PER_SECOND = 1_000_000n;
const MILLICORE_MILLIS_PER_SECOND = 1_000_000n;
const GIB_MILLIS = (1n << 30n) * 1_000n;
const GB = 1_000_000_000n;
/** What all of them divide. */
const DENOMINATOR = (1n << 30n) * 1_000_000_000n;
const UNBILLED = new Set(["OUT_OF_MEMORY", "PLATFORM_ERROR"]);
/** Digits after the pico in the parts, before the sum is rounded. */
const SHOWN_DIGITS = 3;

function halfEven(numerator, denominator) {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** numerator / denominator picos as a decimal text of the currency. */
function amount(numerator, denominator) {
  return format.decimal((numerator * 10n ** BigInt(SHOWN_DIGITS)) / denominator, format.PICO_DIGITS + SHOWN_DIGITS);
}

export function explain(record, book, currency) {
  if (UNBILLED.has(record.outcome)) {
    return el("p", {}, "This call is not billed: it failed for a reason that is not the caller's. Cost ", money(record.cost, currency), ".");
  }
  const cpu = BigInt(record.cpuMicros) * format.picos(book.perCpuSecond);
  const vcpu = BigInt(record.billedMillis) * BigInt(record.cpuMillicores) * format.picos(book.perVcpuSecond);
  const memory = BigInt(record.billedMillis) * BigInt(record.memoryBytes) * format.picos(book.perGibSecond);
  const egress = BigInt(record.bytesOut) * format.picos(book.perEgressGb);
  const sum = format.picos(book.perRequest) + halfEven(cpu * (DENOMINATOR / MICROS_PER_SECOND)
    + vcpu * (DENOMINATOR / MILLICORE_MILLIS_PER_SECOND) + memory * (DENOMINATOR / GIB_MILLIS) + egress * (DENOMINATOR / GB), DENOMINATOR);
  const rows = [
    ["Request", "1", book.perRequest, amount(format.picos(book.perRequest), 1n)],
    ["Processor time", `${format.count(record.cpuMicros)} µs`, `${book.perCpuSecond} a second`, amount(cpu, MICROS_PER_SECOND)],
    ["Processors held", `${format.cores(record.cpuMillicores)} × ${format.count(record.billedMillis)} ms`, `${book.perVcpuSecond} a vCPU-second`,
      amount(vcpu, MILLICORE_MILLIS_PER_SECOND)],
    ["Memory", `${format.bytes(record.memoryBytes)} × ${format.count(record.billedMillis)} ms`, `${book.perGibSecond} a GiB-second`,
      amount(memory, GIB_MILLIS)],
    ["Answer", format.bytes(record.bytesOut), `${book.perEgressGb} a GB`, amount(egress, GB)],
  ];
  const agrees = sum === BigInt(record.costPicos);
  return el("div", {}, el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Cost by part" }, el("table", {},
    el("thead", {}, el("tr", {}, ["For", "Used", "Price", "Amount"].map((text, i) =>
      el(i === 0 ? "th" : "th.number", { scope: "col" }, text)))),
    el("tbody", {}, rows.map(([what, used, price, cost]) => el("tr", {}, el("td", {}, what),
      el("td.number", {}, used), el("td.number", {}, price), el("td.number", {}, alignedMoney(cost, currency))))),
    el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: 3 }, "Cost, rounded once to 10⁻¹²"),
      el("td.number", {}, alignedMoney(record.cost, currency)))))),
  el(agrees ? "p.agrees" : "p.trouble", { "data-agrees": String(agrees) }, agrees
    ? `Recomputed in this browser from price version ${book.version}: the same to the last digit.`
    : `Recomputed here: ${sum} picos, the ledger says ${record.costPicos}. Please report this.`));
}
