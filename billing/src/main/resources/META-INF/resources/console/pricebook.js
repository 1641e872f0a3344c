// One version of the prices as a person reads it: what each meter costs, what is free of it, and what a month costs besides.

import * as format from "./format.js";
import { el, figure, money, table, time } from "./dom.js";

const STATES = { now: "in force", coming: "to come", past: "over", never: "never in force" };
const BADGES = { now: "ready", coming: "starting", past: "gone", never: "gone" };

const HOUR = 3_600;

/** Named as the lines of an invoice are. each is the price of a call by itself; per names a larger unit and how many small ones it has. */
const METERS = [
  ["REQUESTS", { name: "Requests", what: "billed calls", unit: "request", units: "requests", each: "perRequest", per: ["million", 1_000_000] }],
  ["CPU_TIME", { name: "CPU time", what: "processor time that calls used", unit: "core-second", units: "core-seconds", each: "perCpuSecond", per: ["core-hour", HOUR] }],
  ["VCPU_TIME", { name: "vCPU time", what: "processors held while calls ran", unit: "vCPU-second", units: "vCPU-seconds", each: "perVcpuSecond", per: ["vCPU-hour", HOUR] }],
  ["MEMORY_TIME", { name: "Memory time", what: "memory held while calls ran", unit: "GiB-second", units: "GiB-seconds", each: "perGibSecond", per: ["GiB-hour", HOUR] }],
  ["EGRESS", { name: "Egress", what: "bytes of answers", unit: "GB", units: "GB", each: "perEgressGb", per: ["TB", 1_000] }],
  ["IDLE_VCPU_TIME", { name: "Idle vCPU time", what: "processors of instances that wait", unit: "vCPU-second", units: "vCPU-seconds", per: ["vCPU-hour", HOUR] }],
  ["IDLE_MEMORY_TIME", { name: "Idle memory time", what: "memory of instances that wait", unit: "GiB-second", units: "GiB-seconds", per: ["GiB-hour", HOUR] }],
];

/** Last first, each with when it was or will be replaced: of two that begin at one moment the higher number holds. */
export function timeline(books, now) {
  const begin = (book) => Date.parse(book.effectiveFrom);
  const sorted = books.toSorted((a, b) => begin(b) - begin(a) || b.version - a.version);
  return sorted.map((book, i) => {
    const next = sorted[i - 1];
    const until = next === undefined ? null : next.effectiveFrom;
    return { book, until, state: until !== null && Date.parse(until) === begin(book) ? "never"
      : begin(book) > now ? "coming" : until !== null && Date.parse(until) <= now ? "past" : "now" };
  });
}

/** How a version bills a month's meter: what its terms say, and for meters they leave out the price of a call. */
function priceOf(book, key, meter) {
  const [, terms] = Object.entries(book.terms?.meters ?? {}).find(([name]) => name.toUpperCase() === key) ?? [];
  return terms === undefined
    ? { mode: "GRADUATED", free: "0", discount: "0", tiers: [{ upTo: null, price: meter.each ? book[meter.each] : "0" }] }
    : { mode: (terms.mode ?? "graduated").toUpperCase(), free: terms.free ?? "0", discount: terms.discountPercent ?? "0", tiers: terms.tiers ?? [] };
}

const isZero = (text) => /^[0.]*$/.test(text ?? "0");

/** The names of what is not as it was. */
export function changes(before, book) {
  const names = METERS.filter(([key, meter]) => JSON.stringify([priceOf(before, key, meter), before[meter.each]])
    !== JSON.stringify([priceOf(book, key, meter), book[meter.each]])).map(([, meter]) => meter.name);
  const rest = [["currency", (one) => one.currency], ["fee", (one) => one.terms?.fee ?? "0"], ["minimum", (one) => one.terms?.minimum ?? "0"],
    ["time step", (one) => one.incrementMillis], ["starts", (one) => one.startBilled]]
    .filter(([, value]) => value(before) !== value(book)).map(([name]) => name);
  return [...names, ...rest].join(", ") || "nothing";
}

/** What timeline says of a version. */
export function badge(state) {
  return el(`span.state.${BADGES[state]}`, {}, STATES[state]);
}

export function from(book) {
  return book.effectiveFrom.startsWith("1970") ? "the beginning" : time(book.effectiveFrom, format.dateTime(book.effectiveFrom));
}

export function show({ book, until, state }) {
  const prices = METERS.map(([key, meter]) => [meter, priceOf(book, key, meter)]);
  return el("section.panel", { "aria-labelledby": "prices-title" },
    el("div.title-row", {}, el("h2", { id: "prices-title" }, `Prices, version ${book.version}`),
      badge(state)),
    el("p.lead", {}, "From ", from(book), until === null ? " until a later version begins" : [" until ", time(until, format.dateTime(until))], `; all amounts in ${book.currency}.`),
    month(book), ...rates(book, prices));
}

/** What a month costs besides what is used, and how time is counted. */
function month(book) {
  const amount = (text) => (isZero(text) ? "none" : money(format.multiple(text, 1), book.currency));
  return el("dl.figures.inner.month", {},
    figure("Fee", amount(book.terms?.fee), "each month, whatever is used"),
    figure("Minimum", amount(book.terms?.minimum), "that a month's usage costs"),
    figure("Time step", format.millis(book.incrementMillis), "each call's time is rounded up to it"),
    figure("Starts", book.startBilled ? "billed" : "free", "time until an instance is ready"));
}

function rates(book, prices) {
  const any = (has) => prices.some(([meter, price]) => has(price, meter));
  const anyFree = any((price) => !isZero(price.free));
  const anyDiscount = any((price) => !isZero(price.discount));
  const anyOther = any((price, meter) => !asACall(book, meter, price));
  const only = (condition, value) => (condition ? [value] : []);
  return [table("What is priced", [{ text: "Line of an invoice" }, ...only(anyFree, { text: "Free each month", number: true }),
    { text: anyFree ? "Price after that" : "Price", number: true }, ...only(anyDiscount, { text: "Discount", number: true }),
    ...only(anyOther, { text: "A call by itself", number: true, hint: "Before free parts, steps and discounts" })],
  prices.map(([meter, price]) => el("tr", {}, el("td", {}, meter.name, el("span.sub", {}, meter.what)),
    ...only(anyFree, isZero(price.free) ? none() : el("td.number", {}, format.quantity(price.free), el("span.sub", {}, meter.units))),
    el("td.number.price", {}, steps(book, meter, price)),
    ...only(anyDiscount, isZero(price.discount) ? none() : el("td.number", {}, `${price.discount} %`)),
    ...only(anyOther, meter.each === undefined ? none()
      : el("td.number", {}, asACall(book, meter, price) ? el("span.quiet", {}, "the same") : unitPrice(book, meter, book[meter.each]))))), "prices"),
  el("p.summary", {}, anyOther ? "Free parts, steps and discounts are of the whole account's month, and so on its invoice. A call by itself, in its x-cost, in usage and in budgets, has the price in the last column."
    : "A call by itself, in its x-cost, in usage and in budgets, costs what it costs on the invoice; only an invoice's lines are rounded.")];
}

/** Left out on a phone, where a cell is a line. */
function none() {
  return el("td.number.none", {}, el("span.quiet", {}, "—"));
}

/** Whether a month costs what its calls cost, each by itself. */
function asACall(book, meter, price) {
  return meter.each === undefined || (isZero(price.free) && isZero(price.discount) && price.tiers.length === 1
    && format.multiple(price.tiers[0].price ?? "0", 1) === format.multiple(book[meter.each], 1));
}

function unitPrice(book, meter, price) {
  if (isZero(price)) return el("span.quiet", {}, "free");
  return [money(format.multiple(price, 1), book.currency), ` a ${meter.unit}`, el("span.sub", {}, money(format.multiple(price, meter.per[1]), book.currency), ` a ${meter.per[0]}`)];
}

/** One price, or a step a line, counted from the first unit that is not free. */
function steps(book, meter, { mode, tiers }) {
  if (tiers.length <= 1) return unitPrice(book, meter, tiers[0]?.price);
  const line = (tier, i) => {
    const before = i === 0 ? null : format.quantity(tiers[i - 1].upTo);
    return el("li", {}, el("span.step", {}, tier.upTo === null || tier.upTo === undefined ? `over ${before} ${meter.units}`
      : `${before === null ? "up to" : `over ${before} up to`} ${format.quantity(tier.upTo)} ${meter.units}`), el("span", {}, unitPrice(book, meter, tier.price)));
  };
  return [el("ol.price-steps", {}, tiers.map(line)),
    el("span.sub", {}, mode === "VOLUME" ? "volume: all units have the price of the step that the month ends in" : "graduated: each unit has the price of its own step")];
}
