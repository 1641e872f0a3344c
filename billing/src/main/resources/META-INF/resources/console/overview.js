// The first page: what runs, what it costs, what just happened.

import * as api from "./api.js";
import * as chart from "./chart.js";
import * as format from "./format.js";
import * as tables from "./tables.js";
import { el, empty, figure, money } from "./dom.js";
import { state } from "./state.js";
import { legend } from "./waterfall.js";

const RECORDS_SHOWN = 12;
const BILL_PAUSE_MILLIS = 2_000;

/** The month as its invoice would say it, as the billing page has it; what calls cost each by itself is another sum, and named so. */
function bill(overview, draft, trouble) {
  const month = format.month(overview.monthFrom);
  const calls = el("span", {}, `${month}; calls, each by itself: `, money(overview.month.cost, overview.currency));
  const total = draft === null ? el("span.quiet", {}, "…") : money(draft.total, draft.currency);
  return figure(el("a", { href: "#billing", "data-key": "bill" }, "Bill so far"), total, trouble === null ? calls : trouble.message);
}

function figures(overview, billFigure) {
  const ready = state.instances.filter((instance) => instance.state === "READY").length;
  return el("dl.figures", {},
    billFigure,
    figure("Calls", format.count(overview.day.invocations), "last 24 hours"),
    figure("Cold starts", format.share(overview.day.coldStarts, overview.day.invocations),
      `${format.count(overview.day.coldStarts)} of them`),
    figure("Instances", format.count(ready), ready === 0 ? "nothing runs" : "ready now"));
}

export function recent(records, currency, shown) {
  if (records.length === 0) {
    return empty("No calls yet", "Call a service, and its record shows here within a second.", "./wisp invoke hello --cost");
  }
  return tables.records(records.slice(0, shown), currency, state.fresh);
}

export function page(keepFocus) {
  const top = el("div");
  const chartPanel = chart.panel({});
  const serviceBox = el("div");
  const instanceBox = el("div");
  const recordBox = el("div");
  const element = el("div.stack", {},
    el("h1.unseen", {}, "Overview"), top, chartPanel.element,
    el("section.panel", { "aria-labelledby": "services-title" }, el("div.panel-head", {},
      el("h2", { id: "services-title" }, "Services")), serviceBox),
    el("section.panel", { "aria-labelledby": "recent-title" }, el("div.panel-head", {},
      el("h2", { id: "recent-title" }, "Live invocations"), legend()), recordBox,
    el("p.more", {}, el("a", { href: "#invocations" }, "All recent invocations"))),
    el("section.panel", { "aria-labelledby": "instances-title" }, el("div.panel-head", {},
      el("h2", { id: "instances-title" }, "Instances")), instanceBox));
  let chartAt = 0;
  let draft = null;
  let billTrouble = null;
  let billAt = 0;

  async function loadBill() {
    try {
      draft = await api.get("/v1/billing/current");
      billTrouble = null;
    } catch (trouble) {
      billTrouble = trouble;
    }
    update("bill");
  }

  function update(what) {
    const overview = state.overview;
    if (overview === null) {
      if (state.trouble === null) top.replaceChildren(el("p.loading", {}, "Reading the ledger…"));
      return;
    }
    if (what !== "link") keepFocus(() => {
      if (what !== "records") {
        top.replaceChildren(figures(overview, bill(overview, draft, billTrouble)));
        serviceBox.replaceChildren(tables.services(overview, state.times));
        instanceBox.replaceChildren(tables.instances(state.instances, new Date(overview.at)));
      }
      if (what !== "instances") recordBox.replaceChildren(recent(state.records, overview.currency, RECORDS_SHOWN));
    });
    if ((what === undefined || what === "overview") && Date.now() - billAt > BILL_PAUSE_MILLIS) {
      billAt = Date.now();
      loadBill();
    }
    if (what === "overview" && Date.now() - chartAt > 2_000) {
      chartAt = Date.now();
      chartPanel.update();
    }
  }
  return { element, title: "Overview", update, close: chartPanel.close };
}
