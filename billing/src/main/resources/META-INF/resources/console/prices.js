// The price book: the version in force in full, and every other one a link away.

import * as api from "./api.js";
import * as format from "./format.js";
import { badge, changes, from, show, timeline } from "./pricebook.js";
import { command, el, failure, table, time } from "./dom.js";

/** With a number that version, else the one in force. */
export function tab(keepFocus, number) {
  const box = el("div.stack", {}, el("p.loading", {}, "Reading the price book…"));
  (async () => {
    try {
      const versions = timeline(await api.get("/v1/billing/prices"), Date.now());
      const shown = versions.find((one) => (number === undefined ? one.state === "now" : String(one.book.version) === number));
      box.replaceChildren(shown === undefined ? absent(number) : show(shown), all(versions, shown));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  })();
  return { element: box };
}

function absent(number) {
  return failure({ title: "No such version", message: `The price book has no version ${number}. Those that it has are below.` });
}

function all(versions, shown) {
  return el("section.panel", { "aria-labelledby": "versions-title" }, el("h2", { id: "versions-title" }, "All versions"),
    el("p.lead", {}, "A version is added and never changed. Which one a call has depends on when it was received, and its record keeps it."),
    table("Versions of the prices, last first", [{ text: "Version" }, { text: "From" }, { text: "Until" }, { text: "Changed since the one before" }, { text: "State" }],
      versions.map((one, i) => el("tr", {},
        el("td", {}, el("a", { href: `#billing/prices/${one.book.version}`, "data-key": `prices ${one.book.version}`, "aria-current": one === shown ? "true" : null },
          `Version ${one.book.version}`)),
        el("td", {}, from(one.book)),
        el("td", {}, one.until === null ? el("span.quiet", {}, "open") : time(one.until, format.dateTime(one.until))),
        el("td.wrap", {}, versions[i + 1] === undefined ? el("span.quiet", {}, "the first") : changes(versions[i + 1].book, one.book)),
        el("td", {}, badge(one.state)))), "versions"),
    el("p.more", {}, "A new one, from a shell: ", command("./wisp billing prices -f prices.yaml")));
}
