// Elements are built, never parsed: whatever a name or a log line contains stays text.

import * as format from "./format.js";

/** el("td.number", {title: "…"}, child, "text") */
export function el(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function money(text, currency) {
  const parts = format.moneyParts(text, currency);
  return el("span.money", { title: `${parts.symbol}${text}` },
    el("span.zeros", {}, parts.symbol + parts.zeros), el("span.digits", {}, parts.digits));
}

export function time(iso, text) {
  return el("time", { datetime: iso, title: `${iso.replace("T", " ").replace("Z", "")} UTC` }, text);
}

/** A command to copy. */
export function command(text) {
  const button = el("button.copy", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "copied";
    } catch {
      button.textContent = "select and copy";
    }
  } }, "copy");
  return el("span.command", {}, el("code", {}, text), button);
}

export function empty(title, text, commandText) {
  return el("div.empty", {}, el("h3", {}, title), el("p", {}, text), command(commandText));
}

export function table(caption, headings, rows, className = "") {
  return el("div.scroll", { tabindex: "0", role: "region", "aria-label": caption },
    el(`table${className ? `.${className}` : ""}`, {},
      el("caption.unseen", {}, caption),
      el("thead", {}, el("tr", {}, headings.map((heading) =>
        el(heading.number ? "th.number" : "th", { scope: "col", title: heading.hint }, heading.text)))),
      el("tbody", {}, rows)));
}
