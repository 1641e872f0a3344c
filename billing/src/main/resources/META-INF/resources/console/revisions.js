// A service's revisions, which of them has the traffic, and the way back to an earlier one.

import * as api from "./api.js";
import * as format from "./format.js";
import { command, el, failure, table, time } from "./dom.js";

const SERVING = "/apis/serving.knative.dev/v1";

export function revisionsTab({ namespace, name, keepFocus }) {
  const box = el("div", {}, el("p.loading", {}, "Reading the revisions…"));
  const said = el("p.summary", { role: "status" });
  const dialog = el("dialog", { "aria-labelledby": "move-title" });
  const element = el("section.panel", { "aria-labelledby": "revisions-title" }, el("h2", { id: "revisions-title" }, "Revisions"),
    el("p.lead", {}, "Every change of the template makes one; traffic moves when it is ready."), box, said,
    el("p.more", {}, "A new one: ", command(`./wisp deploy ${name} --image REF`)), dialog);
  const path = `${SERVING}/namespaces/${encodeURIComponent(namespace)}`;

  async function load() {
    try {
      const [service, list] = await Promise.all([
        api.get(`${path}/services/${encodeURIComponent(name)}`),
        api.get(`${path}/revisions`, { labelSelector: `serving.knative.dev/service=${name}` })]);
      const serving = new Set((service.status?.traffic ?? []).filter((target) => target.percent > 0).map((target) => target.revisionName));
      keepFocus(() => box.replaceChildren(table("Revisions, newest first", [{ text: "Revision" }, { text: "Made" }, { text: "State" }, { text: "Image" },
        { text: "Limits" }, { text: "Traffic", number: true }], list.items.map((revision) => row(revision, serving, service)), "services")));
    } catch (trouble) {
      box.replaceChildren(failure(trouble));
    }
  }

  function row(revision, serving, service) {
    const container = revision.spec.containers[0];
    const ready = revision.status?.conditions?.find((condition) => condition.type === "Ready");
    const digest = revision.status?.containerStatuses?.[0]?.imageDigest?.split("@")[1] ?? "";
    const limits = container.resources?.limits ?? {};
    const mine = serving.has(revision.metadata.name);
    return el("tr", {}, el("td", {}, el("strong", {}, revision.metadata.name)),
      el("td", {}, time(revision.metadata.creationTimestamp, format.dateTime(revision.metadata.creationTimestamp))),
      el("td", {}, ready?.status === "True" ? el("span.state.ready", {}, "ready")
        : ready?.status === "False" ? el("span", {}, el("span.bad", {}, ready.reason ?? "failed"), el("span.sub.wrap", {}, ready.message ?? ""))
          : el("span.state.starting", {}, "preparing")),
      el("td", { title: digest }, el("span", {}, container.image), el("span.sub.id", {}, digest.slice(0, 19))),
      el("td", {}, `${limits.cpu ?? "1"} CPU, ${limits.memory ?? "256Mi"}`),
      el("td.number", {}, mine ? el("span.ready", {}, "100 %") : ready?.status === "True"
        ? el("button.action", { type: "button", "data-key": `move ${revision.metadata.name}`, onclick: () => ask(revision.metadata.name, service) }, "Send traffic here") : el("span.quiet", {}, "0 %")));
  }

  function ask(revision, service) {
    dialog.replaceChildren(el("h2", { id: "move-title" }, `Send all traffic to ${revision}?`),
      el("p", {}, "Calls in flight end where they are. If nodes no longer have this revision ready, they prepare it first, and traffic moves then."),
      el("div.actions", {}, el("button.action", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        el("button.action.primary", { type: "button", onclick: () => move(revision, service) }, "Send traffic")));
    dialog.showModal();
  }

  async function move(revision, service) {
    dialog.close();
    try {
      const { status, ...next } = service;
      await api.send("PUT", `${path}/services/${encodeURIComponent(name)}`,
        { ...next, spec: { ...next.spec, traffic: [{ revisionName: revision, percent: 100 }] } });
      said.textContent = `Traffic goes to ${revision} as soon as it is ready. Naming a revision pins it: a new deployment takes over when its traffic says so.`;
    } catch (trouble) {
      said.replaceChildren(failure(trouble));
    }
    load();
  }

  const timer = setInterval(() => !dialog.open && load(), 4_000);
  load();
  return { element, close: () => clearInterval(timer) };
}
