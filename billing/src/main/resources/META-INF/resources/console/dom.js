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

/** Money in a column: the zeros that align it are seen, not read nor copied. */
export function alignedMoney(text, currency) {
  const element = money(text, currency);
  element.append(el("span.padding", { "aria-hidden": "true" }, format.padding(text)));
  return element;
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
  for (const row of rows) label(row, headings);
  return el("div.scroll", { tabindex: "0", role: "region", "aria-label": `${caption}, table` },
    el(`table.cards${className ? `.${className}` : ""}`, { role: "table" },
      el("caption.unseen", {}, caption),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, headings.map((heading) =>
        el(heading.number ? "th.number" : "th", { scope: "col", role: "columnheader", title: heading.hint }, heading.text)))),
      el("tbody", { role: "rowgroup" }, rows)));
}

/** On a phone a row becomes a card: each cell carries its heading, and roles that survive a change of display. */
function label(row, headings) {
  row.setAttribute("role", "row");
  [...row.children].forEach((cell, i) => {
    cell.setAttribute("role", "cell");
    cell.dataset.label = headings[i].text;
  });
}
