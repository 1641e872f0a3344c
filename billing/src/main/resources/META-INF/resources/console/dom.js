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

/** A page's address with what is chosen on it; what is not chosen is left out. */
export function address(path, chosen) {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ""));
  return query.size > 0 ? `${path}?${query}` : path;
}

export function time(iso, text) {
  return el("time", { datetime: iso, title: `${iso.replace("T", " ").replace("Z", "")} UTC` }, text);
}

/** A row of buttons of which one is pressed; options have a name. */
export function choices(label, options, current, onChoice) {
  const row = el("div.choices", { role: "group", "aria-label": label }, options.map((option) =>
    el("button", { type: "button", "aria-pressed": String(option === current), title: option.hint, onclick: (event) => {
      for (const button of row.children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      onChoice(option);
    } }, option.name)));
  return row;
}

/** Links to the parts of a page; parts are [key, name, href]. */
export function tabs(label, parts, current) {
  return el("nav.tabs", { "aria-label": label }, parts.map(([key, name, href]) =>
    el("a", { href, "data-key": `tab ${key}`, "aria-current": key === current ? "page" : null }, name)));
}

export function failure(trouble) {
  return el("div.trouble", { role: "alert" }, el("strong", {}, trouble.title ?? "Not shown"), ` ${trouble.message}`,
    trouble.hint ? el("span.sub", {}, trouble.hint) : null);
}

export function facts(pairs) {
  return el("dl.facts", {}, pairs.filter((pair) => pair !== null).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** A tile among others of a dl.figures; a note is not needed. */
export function figure(label, value, note) {
  return el("div.figure", {}, el("dt", {}, label), el("dd", {}, value, note ? el("span.note", {}, note) : null));
}

/** A labelled control of a form. */
export function field(label, control, hint) {
  const id = control.id || `field-${label.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return el("div.field", {}, el("label", { for: id }, label), control, hint ? el("span.hint", { id: `${id}-hint` }, hint) : null);
}

export function select(options, value, attributes = {}) {
  const element = el("select", attributes, options.map(([key, text]) => el("option", { value: key }, text)));
  element.value = value;
  return element;
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
  return el("div.scroll", { tabindex: "0", role: "region", "aria-label": `${caption}, table`, "data-key": `table ${caption}` },
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
