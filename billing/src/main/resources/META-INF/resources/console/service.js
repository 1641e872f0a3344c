// One service: a head that stays, and a tab for each question about it.

import * as chart from "./chart.js";
import * as format from "./format.js";
import * as tables from "./tables.js";
import { command, el, figure, money, tabs } from "./dom.js";
import { stopped } from "./budgets.js";
import { costTab } from "./servicecost.js";
import { logsTab } from "./logs.js";
import { recordsTab } from "./invocations.js";
import { revisionsTab } from "./revisions.js";
import { scalingTab } from "./scaling.js";
import { state } from "./state.js";
import { testTab } from "./testcall.js";

const TABS = [
  ["metrics", "Metrics", metricsTab],
  ["invocations", "Invocations", recordsTab],
  ["logs", "Logs", logsTab],
  ["test", "Test", testTab],
  ["scaling", "Scaling", scalingTab],
  ["revisions", "Revisions", revisionsTab],
  ["instances", "Instances", instancesTab],
  ["cost", "Cost", costTab],
];

/** Null where there is no such tab. */
export function page(keepFocus, query, namespace, name, wanted = "metrics") {
  const [key, title, open] = TABS.find(([one]) => one === wanted) ?? [];
  if (key === undefined) return null;
  const head = el("div");
  const budget = el("div");
  const tab = open({ namespace, name, keepFocus, query });
  const path = tables.servicePath(namespace, name);
  const element = el("div.stack", {}, head, budget,
    tabs(`Parts of ${name}`, TABS.map(([one, text]) => [one, text, one === "metrics" ? path : `${path}/${one}`]), key), tab.element);

  async function watch() {
    try {
      const said = await stopped(namespace);
      budget.replaceChildren(...(said === null ? [] : [said]));
    } catch {
      budget.replaceChildren();
    }
  }

  function update(what) {
    const service = find(namespace, name);
    if (what !== "records") keepFocus(() => head.replaceChildren(heading(namespace, name, service)));
    tab.update?.(what);
  }
  const timer = setInterval(watch, 5_000);
  watch();
  return { element, title: key === "metrics" ? name : `${title} · ${name}`, update, close: () => { clearInterval(timer); tab.close?.(); } };
}

function find(namespace, name) {
  return state.overview?.services.find((one) => one.namespace === namespace && one.name === name);
}

function heading(namespace, name, service) {
  const currency = state.overview?.currency ?? "USD";
  return el("div.heading", {}, el("p.crumb", {}, el("a", { href: "#services", "data-key": "crumb" }, "Services"), ` / ${namespace}`),
    el("div.title-row", {}, el("h1", {}, name), badge(service)),
    service === undefined ? absent(name)
      : el("div.title-row", {}, service.url ? command(`curl -i ${service.url}`) : null,
        el("p.lead", {}, `${format.calls(service.day.invocations)} in 24 hours · `,
          money(service.month.cost, currency), ` for calls in ${format.month(state.overview.monthFrom)}`)));
}

function absent(name) {
  return state.overview === null ? el("p.lead", {}, "Reading the ledger…")
    : el("div.title-row", {}, el("p.lead", {}, `No service ${name} is deployed, and none of this name cost anything this month. Those that are:`),
      command("./wisp services list"));
}

function badge(service) {
  if (service === undefined) return null;
  if (!service.deployed) return el("span.badge", {}, "deleted");
  return service.instances > 0 ? el("span.ready", {}, `${service.instances} ready`) : el("span.badge", {}, "at zero");
}

function metricsTab({ namespace, name }) {
  const figures = el("div");
  const chartPanel = chart.panel({ namespace, service: name });
  let chartAt = Date.now();
  function update(what) {
    const service = find(namespace, name);
    if (service !== undefined && what !== "records") figures.replaceChildren(ratios(service.day));
    if (what === "overview" && Date.now() - chartAt > 2_000) {
      chartAt = Date.now();
      chartPanel.update();
    }
  }
  return { element: el("div.stack", {}, figures, chartPanel.element), update, close: chartPanel.close };
}

function ratios(day) {
  const mean = (micros) => (day.invocations === 0 ? "—" : format.micros(Math.round(micros / day.invocations)));
  return el("dl.figures.even", {},
    figure("Calls", format.count(day.invocations), "last 24 hours"),
    figure("Errors", format.share(day.errors, day.invocations), format.calls(day.errors)),
    figure("Cold starts", format.share(day.coldStarts, day.invocations), format.calls(day.coldStarts)),
    figure("Time of a call", mean(day.queueMicros + day.startMicros + day.appMicros), `mean; ${mean(day.appMicros)} in the container`),
    figure("Processor", mean(day.cpuMicros), "mean of a call"));
}

function instancesTab({ namespace, name, keepFocus }) {
  const box = el("div");
  return {
    element: el("section.panel", { "aria-labelledby": "instances-title" },
      el("h2", { id: "instances-title" }, "Instances"), el("p.lead", {}, "Live ones first, then those that went last and why."), box),
    update: () => keepFocus(() => box.replaceChildren(tables.instances(
      state.instances.filter((one) => one.namespace === namespace && one.service === name), new Date()))),
  };
}
