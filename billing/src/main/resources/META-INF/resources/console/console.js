// Shows the page that the address names, and keeps it up to date.

import * as invocations from "./invocations.js";
import * as overview from "./overview.js";
import * as prices from "./prices.js";
import { el } from "./dom.js";
import { onChange, start, state } from "./state.js";

const box = document.getElementById("page");
const trouble = document.getElementById("trouble");
const linkState = document.getElementById("link-state");
let shown = null;

/** Redraws without losing the place of a reader who uses the keyboard. */
function keepFocus(redraw) {
  const key = document.activeElement?.dataset?.key;
  redraw();
  if (key) box.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function pageOf(hash) {
  const [name, ...rest] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  if (name === "invocations") return [invocations.livePage(keepFocus), name];
  if (name === "service" && rest.length === 2) return [invocations.servicePage(keepFocus, ...rest), "overview"];
  if (name === "invocation" && rest.length === 1) return [invocations.recordPage(keepFocus, rest[0]), "invocations"];
  if (name === "prices") return [prices.page(), name];
  return [overview.page(keepFocus), "overview"];
}

function show() {
  if (location.hash === "#main") return;
  shown?.close();
  const [page, tab] = pageOf(location.hash);
  shown = page;
  box.replaceChildren(page.element);
  document.title = `${page.title} · Wisp`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  page.update();
}

function showTrouble() {
  trouble.hidden = state.trouble === null;
  if (state.trouble !== null) {
    trouble.replaceChildren(el("strong", {}, state.trouble.title), ` ${state.trouble.message}`,
      state.trouble.hint ? el("span.sub", {}, state.trouble.hint) : "");
  }
}

function showLink() {
  linkState.dataset.state = state.link;
  linkState.textContent = state.link === "live" ? "live" : state.link === "away" ? "reconnecting" : "connecting";
}

onChange((what) => {
  showTrouble();
  showLink();
  shown?.update(what);
});
addEventListener("hashchange", () => {
  show();
  if (location.hash !== "#main") document.getElementById("main").focus({ preventScroll: true });
});
show();
start();
