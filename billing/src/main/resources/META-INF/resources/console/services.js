// Every service, found as one types; what is looked for is in the address.

import * as tables from "./tables.js";
import { address, el, field } from "./dom.js";
import { state } from "./state.js";

export function page(keepFocus, query) {
  const filter = el("input", { type: "search", id: "service-filter", placeholder: "name or namespace", spellcheck: "false", oninput: () => {
    history.replaceState(null, "", address("#services", { find: filter.value.trim() }));
    update();
  } });
  filter.value = query.get("find") ?? "";
  const box = el("div", {}, el("p.loading", {}, "Reading the ledger…"));
  const element = el("div.stack", {}, el("section.panel", { "aria-labelledby": "services-title" },
    el("div.panel-head", {}, el("h1", { id: "services-title" }, "Services"),
      el("a.action.primary", { href: "#deploy", "data-key": "deploy" }, "Deploy a service")), field("Find", filter), box));

  function update(what) {
    const overview = state.overview;
    if (overview === null || what === "records" || what === "link") return;
    const wanted = filter.value.trim().toLowerCase();
    const services = overview.services.filter((one) => `${one.namespace}/${one.name}`.includes(wanted));
    keepFocus(() => box.replaceChildren(services.length === 0 && wanted !== ""
      ? el("p.quiet", { role: "status" }, `No service is called like “${wanted}”.`) : tables.services({ ...overview, services }, state.times)));
  }
  return { element, title: "Services", update, close: () => {} };
}
