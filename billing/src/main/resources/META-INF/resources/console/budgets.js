// What may be spent in a month: how far it has gone, what was told, and a form for a new one.

import * as api from "./api.js";
import * as format from "./format.js";
import { command, el, empty, failure, field, money, select, svg, table } from "./dom.js";

const PATH = "/v1/billing/budgets";
const LABEL = "[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?";

export function budgetsTab(keepFocus) {
  const box = el("div", {}, el("p.loading", {}, "Reading the budgets…"));
  const said = el("div", { "aria-live": "polite" });
  const text = (id, attributes) => el("input", { id, type: "text", spellcheck: "false", autocomplete: "off", ...attributes });
  const name = text("budget-name", { required: true, pattern: LABEL, placeholder: "team" });
  const amount = text("budget-amount", { required: true, inputmode: "decimal", pattern: "[0-9]{1,12}(\\.[0-9]{1,12})?", placeholder: "50.00" });
  const namespace = text("budget-namespace", { pattern: LABEL, placeholder: "all" });
  const labels = text("budget-labels", { placeholder: "any, or team=web" });
  const actual = text("budget-actual", { value: "50, 80, 100", pattern: "[0-9, ]*" });
  const forecast = text("budget-forecast", { value: "100", pattern: "[0-9, ]*" });
  const action = select([["notify", "Tell"], ["throttle", "Tell; slow calls down once spent"], ["block", "Tell; refuse calls once spent"],
    ["cap", "Cap: admit no call that might go over"]], "notify", { id: "budget-action" });
  const form = el("form.form", { onsubmit: submit, "aria-labelledby": "budget-form" },
    el("div.form-row", {}, field("Name", name), field("A month, at most", amount, "In the currency of the prices"), field("Namespace", namespace),
      field("Labels", labels, "Only revisions that have all of these")),
    el("div.form-row", {}, field("Tell at, % spent", actual), field("Tell at, % forecast", forecast, "The month at its pace so far"),
      field("Action", action)),
    el("div.actions", {}, el("button.action.primary", { type: "submit" }, "Set budget")), said);

  async function load() {
    try {
      const budgets = await api.get(PATH);
      keepFocus(() => box.replaceChildren(budgets.length === 0
        ? empty("No budget yet", "A budget tells you when a month costs more than you meant it to.", "./wisp billing budgets set team --amount 50")
        : table("Budgets", [{ text: "Budget" }, { text: "Spent" }, { text: "Used", number: true }, { text: "Forecast", number: true }, { text: "Amount", number: true },
          { text: "Calls" }, { text: "Told" }, { text: "" }], budgets.map(row), "services")));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }

  function row(budget) {
    const used = Math.min(100, budget.usedPercent);
    return el("tr", {}, el("td", {}, el("strong", {}, budget.name), el("span.sub", {}, [budget.namespace ?? "all namespaces", budget.labels].filter(Boolean).join(" · "))),
      el("td.phases", {}, svg("svg", { class: "waterfall", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": `${budget.usedPercent} % spent` },
        svg("rect", { width: used, height: 10, class: budget.usedPercent >= 100 ? "fill-bad" : budget.usedPercent >= 80 ? "fill-queue" : "fill-accent" }))),
      el("td.number", {}, `${budget.usedPercent} %`, Number(budget.spentWaiting) > 0 ? el("span.sub", {}, `${format.about(Number(budget.spentWaiting))} of it waiting`) : null), el("td.number", {}, format.about(Number(budget.forecast))), el("td.number", {}, money(budget.amount, budget.currency)),
      el("td", {}, state(budget)),
      el("td", {}, budget.notices.length === 0 ? el("span.quiet", {}, "nothing yet") : budget.notices.map((notice) =>
        el("span.badge", { title: notice.deliveredAt ? `taken ${format.dateTime(notice.deliveredAt)}` : notice.lastError ?? "noted; nobody is configured to be told" },
          `${notice.kind === "FORECAST" ? "forecast " : ""}${notice.percent} %`))),
      el("td", {}, el("button.action", { type: "button", "data-key": `drop ${budget.name}`, "aria-label": `Delete budget ${budget.name}`, onclick: () => drop(budget.name) }, "Delete")));
  }

  function state(budget) {
    const until = `until ${format.dateTime(budget.resetsAt)}`;
    if (budget.state === "BLOCKED") {
      return [el("span.badge.stopped", {}, "refused"), el("span.sub", {}, until)];
    }
    if (budget.state === "THROTTLED") {
      return [el("span.badge.warn", {}, "slowed down"), el("span.sub", {}, until)];
    }
    const held = budget.setAside === undefined ? null : el("span.sub", {}, `${money(budget.left, budget.currency)} left, ${money(budget.setAside, budget.currency)} at gateways`);
    return [el("span.quiet", {}, { NOTIFY: "told only", THROTTLE: "slowed down once spent", BLOCK: "refused once spent", CAP: "capped" }[budget.action]), held];
  }

  async function drop(which) {
    try {
      await api.send("DELETE", `${PATH}/${encodeURIComponent(which)}`);
    } catch (trouble) {
      said.replaceChildren(failure(trouble));
    }
    load();
  }

  async function submit(event) {
    event.preventDefault();
    const percents = (input) => input.value.split(",").map((one) => one.trim()).filter((one) => one !== "").map(Number);
    try {
      await api.send("PUT", `${PATH}/${encodeURIComponent(name.value)}`, { amount: amount.value,
        namespace: namespace.value === "" ? null : namespace.value, labels: labels.value.trim() === "" ? null : labels.value.trim(), actual: percents(actual), forecastAt: percents(forecast), action: action.value });
      said.replaceChildren(el("p.agrees", {}, `Budget ${name.value} is set.`));
    } catch (trouble) {
      said.replaceChildren(failure(trouble));
    }
    load();
  }

  const timer = setInterval(load, 5_000);
  load();
  return { element: el("div.stack", {}, el("section.panel", { "aria-labelledby": "budgets-title" }, el("h2", { id: "budgets-title" }, "Budgets"),
    el("p.lead", {}, "A budget counts what calls and waiting instances cost at the list's prices, before free parts, steps, fee and tax. Each threshold is told of once a month, as a signed event to the webhook of the configuration."), box),
  el("section.panel", { "aria-labelledby": "budget-form" }, el("h2", { id: "budget-form" }, "A new one, or a change"), form,
    el("p.more", {}, "From a shell: ", command("./wisp billing budgets set team --amount 50")))), close: () => clearInterval(timer) };
}

/** What a budget does to the calls of a namespace now, or to some of them; null when nothing. */
export async function stopped(namespace) {
  const budgets = (await api.get(PATH)).filter((budget) => budget.state !== "OPEN" && (budget.namespace ?? namespace) === namespace);
  const one = budgets.find((budget) => !budget.labels) ?? budgets[0];
  if (one === undefined) return null;
  const which = one.labels ? `calls of revisions with ${one.labels}` : "calls";
  return el("p.stopped", { role: "status" },
    el("span.badge", { class: one.state === "BLOCKED" ? "badge stopped" : "badge warn" }, `${which} are ${one.state === "BLOCKED" ? "refused" : "slowed down"}`),
    ` Budget ${one.name} of ${one.amount} ${one.currency} is spent until ${format.dateTime(one.resetsAt)}. `, el("a", { href: "#billing/budgets" }, "Budgets"));
}
