// How figures read. Money stays exact: it is shown from the decimal text the ledger gives, never from a floating-point number.

export const PICO_DIGITS = 12;
const decimalCommas = new Intl.NumberFormat("en-US");

export function count(value) {
  return decimalCommas.format(value);
}

export function calls(number) {
  return `${count(number)} ${number === 1 ? "call" : "calls"}`;
}

/** Microseconds with a unit that leaves one to four digits before the point. */
export function micros(value) {
  if (value < 1_000) return `${value} µs`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(value < 10_000 ? 2 : 1)} ms`;
  return `${(value / 1_000_000).toFixed(2)} s`;
}

/** For axes: round figures only. */
export function microsShort(value) {
  if (value === 0) return "0";
  if (value < 1_000) return `${Math.round(value)} µs`;
  if (value < 1_000_000) return `${Number((value / 1_000).toPrecision(3))} ms`;
  return `${Number((value / 1_000_000).toPrecision(3))} s`;
}

/** An amount of money rounded for axes and comparisons; the exact ones are in the tables. */
export function about(amount) {
  if (amount === 0) return `${symbol}0`;
  if (amount >= 0.01) return `${symbol}${amount.toFixed(2)}`;
  if (amount >= 0.000_001) return `${Number((amount * 1e6).toPrecision(3))} µ${symbol}`;
  return `${Number((amount * 1e9).toPrecision(3))} n${symbol}`;
}

export function millis(value) {
  return value < 10_000 ? `${count(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

export function bytes(value) {
  if (value === 0) return "—";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Thousandths of a processor, as a limit is written. */
export function cores(millicores) {
  return millicores % 1_000 === 0 ? `${count(millicores / 1_000)} vCPU` : `${millicores / 1_000} vCPU`;
}

export function share(part, whole) {
  if (whole === 0) return "—";
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent < 10 && percent > 0 ? percent.toFixed(1) : Math.round(percent)} %`;
}

const SYMBOLS = { USD: "$", EUR: "€", GBP: "£" };
let symbol = "$";

/** The currency of rounded amounts; exact ones name theirs. */
export function useCurrency(currency) {
  symbol = SYMBOLS[currency] ?? `${currency} `;
}

/** "0.000200312" as sign, quiet zeros, and the digits that say something; a whole amount gets the decimals of its currency. */
export function moneyParts(text, currency) {
  const sign = SYMBOLS[currency] ?? `${currency} `;
  const minor = text.includes(".") ? 0 : minorDigits(currency);
  const zeros = /^0\.00+(?=[1-9])/.exec(text);
  return zeros
    ? { symbol: sign, zeros: zeros[0], digits: text.slice(zeros[0].length) }
    : { symbol: sign, zeros: "", digits: minor === 0 ? text : `${text}.${"0".repeat(minor)}` };
}

function minorDigits(currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().minimumFractionDigits;
}

/** Zeros that bring an amount to twelve decimals, so that amounts in a column stand point under point. */
export function padding(text) {
  const decimals = text.length - text.indexOf(".") - 1;
  return "0".repeat(Math.max(0, PICO_DIGITS - decimals));
}

/** A decimal text of any length with its thousands told apart. */
export function quantity(text) {
  const [whole, decimals] = text.split(".");
  const rest = (decimals ?? "").replace(/0+$/, "");
  return whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",") + (rest === "" ? "" : `.${rest}`);
}

/** A decimal text of at most twelve decimals. */
export function picos(text) {
  const [whole, decimals = ""] = text.split(".");
  return BigInt(whole + decimals.padEnd(PICO_DIGITS, "0"));
}

/** As the ledger writes money: two decimals at least, and no zeros after those. Picos have twelve digits after the point, finer units more. */
export function decimal(units, digits = PICO_DIGITS) {
  const text = units.toString().padStart(digits + 1, "0");
  const cents = text.length - digits + 2;
  return `${text.slice(0, -digits)}.${text.slice(-digits, cents)}${text.slice(cents).replace(/0+$/, "")}`;
}

/** So many times an amount. */
export function multiple(text, times) {
  return decimal(picos(text) * BigInt(times));
}

/** Local time; the UTC it stands for goes into the title. */
export function clock(iso) {
  const time = new Date(iso);
  const two = (n) => String(n).padStart(2, "0");
  const tenths = String(time.getMilliseconds()).padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${tenths}`;
}

export function dateTime(iso) {
  return new Date(iso).toLocaleString(undefined, {
    year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
}

export function ago(iso, now) {
  const seconds = Math.max(0, Math.round((now - new Date(iso)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function month(iso) {
  return new Date(iso).toLocaleString("en", { month: "long", year: "numeric", timeZone: "UTC" });
}

/** Picos over calls as a decimal text, cut after the pico; times how many calls. */
export function perCall(costPicos, calls, times = 1) {
  return decimal(BigInt(costPicos) * BigInt(times) / BigInt(calls));
}
