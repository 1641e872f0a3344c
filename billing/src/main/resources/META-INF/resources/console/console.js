// Shows the page that the address names, and keeps it up to date.

import * as billing from "./billing.js";
import * as deploy from "./deploy.js";
import * as invocations from "./invocations.js";
import * as notfound from "./notfound.js";
import * as overview from "./overview.js";
import * as service from "./service.js";
import * as services from "./services.js";
import * as times from "./times.js";
import * as usage from "./usage.js";
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

/** The page that an address such as #service/default/hello/logs or #usage?meter=cost stands for, and the link of the bar it belongs to. */
function pageOf(hash) {
  const [path, query] = hash.replace(/^#/, "").split("?");
  const page = known(path.split("/"), new URLSearchParams(query ?? ""));
  return page?.[0] ? page : [notfound.page(hash), null];
}

/** Null of an address that no page has; so is the page of a tab that is none. */
function known(parts, asked) {
  let name, rest;
  try {
    [name, ...rest] = parts.map(decodeURIComponent);
  } catch {
    return null;
  }
  const at = `${name}/${rest.length}`;
  switch (at) {
    case "/0": case "overview/0": return [overview.page(keepFocus), "overview"];
    case "services/0": return [services.page(keepFocus, asked), name];
    case "service/2": case "service/3": return [service.page(keepFocus, asked, ...rest), "services"];
    case "invocations/0": return [invocations.livePage(keepFocus), name];
    case "invocation/1": return [invocations.recordPage(keepFocus, rest[0]), "invocations"];
    case "records/0": return [invocations.rangePage(keepFocus, asked), "billing"];
    case "instance-times/0": return [times.page(keepFocus, asked), "billing"];
    case "usage/0": return [usage.page(keepFocus, asked), name];
    case "billing/0": case "billing/1": case "billing/2": return [billing.page(keepFocus, ...rest), name];
    case "prices/0": return [billing.page(keepFocus, "prices"), "billing"];
    case "deploy/0": return [deploy.page(), name];
    default: return null;
  }
}

function show() {
  shown?.close();
  const [page, tab] = pageOf(location.hash);
  shown = page;
  box.replaceChildren(page.element);
  box.dataset.page = location.hash;
  box.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = `${page.title} · Wisp`;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.dataset.page === tab) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
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
/** Whoever changes from tab to tab stays among the tabs; elsewhere a new page is read from its beginning. */
addEventListener("hashchange", () => {
  const key = document.activeElement?.closest(".tabs") ? document.activeElement.dataset.key : null;
  show();
  const tab = key ? box.querySelector(`.tabs [data-key="${CSS.escape(key)}"]`) : null;
  (tab ?? document.getElementById("main")).focus({ preventScroll: true });
});
/** The address stays that of the page. */
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
show();
start();
