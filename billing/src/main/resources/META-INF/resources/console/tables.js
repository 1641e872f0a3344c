// The tables of the pages.

import * as format from "./format.js";
import { alignedMoney, el, table, time, empty } from "./dom.js";
import { bar, describe, total } from "./waterfall.js";

const OUTCOMES = {
  SUCCESS: "ok", ERROR: "error", TIMEOUT: "timeout", CLIENT_GONE: "caller left", OUT_OF_MEMORY: "out of memory",
  PLATFORM_ERROR: "platform",
};

export function servicePath(namespace, name) {
  return `#service/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

function serviceLink(namespace, name) {
  return el("a", { href: servicePath(namespace, name), "data-key": `service ${namespace}/${name}` },
    namespace === "default" ? name : `${namespace}/${name}`);
}

/** times has how long the last calls of each took, by "namespace/name". */
export function services(overview, times) {
  if (overview.services.length === 0) {
    return empty("No service yet", "Deploy an image, here or from a shell, and it shows here at once.", "./wisp deploy hello --archive deploy/samples/target/hello-oci.tar");
  }
  return table("Services", [
    { text: "Service" }, { text: "Ready", number: true, hint: "Instances that can take a request now" },
    { text: "Calls", number: true, hint: "In the last 24 hours" }, { text: "Cold", number: true, hint: "Share of calls that started an instance" },
    { text: "Errors", number: true, hint: "Share of calls that did not succeed" },
    { text: "p95", number: true, hint: "95 in 100 of its last calls, at most 200, took at most this, from the gateway's door to the last byte" }, { text: "Calls' cost", number: true, hint: "This month, UTC; each call by itself, without the time of instances that wait" },
    { text: "Deployed", number: true, hint: "How long its newest revision has been there" },
  ], overview.services.map((service) => el("tr", {},
    el("td", {}, serviceLink(service.namespace, service.name),
      service.deployed ? el("span.sub", {}, service.revision ?? "") : el("span.badge", {}, "deleted")),
    el("td.number", {}, service.instances > 0 ? el("span.ready", {}, format.count(service.instances)) : el("span.quiet", {}, "0")),
    el("td.number", {}, format.count(service.day.invocations)),
    el("td.number", {}, format.share(service.day.coldStarts, service.day.invocations)),
    el("td.number", {}, format.share(service.day.errors, service.day.invocations)),
    slowest(times.get(`${service.namespace}/${service.name}`)),
    el("td.number", {}, alignedMoney(service.month.cost, overview.currency)),
    el("td.number", {}, service.deployedAt ? time(service.deployedAt, `${format.ago(service.deployedAt, new Date(overview.at))} ago`) : "—"))), "services");
}

function slowest(times) {
  if (times === undefined) return el("td.number", {}, el("span.quiet", {}, "—"));
  return el("td.number", { title: `of its last ${format.calls(times.calls)}` }, format.micros(times.p95Micros));
}

export function instances(list, now) {
  if (list.length === 0) {
    return el("div.empty", {}, el("h3", {}, "Nothing runs"),
      el("p", {}, "No instance is up, so nothing is used. The next call starts one within milliseconds."));
  }
  return table("Instances", [
    { text: "Instance" }, { text: "State" }, { text: "Requests", number: true, hint: "In flight now" },
    { text: "Memory", number: true }, { text: "CPU used", number: true }, { text: "Since", number: true },
  ], list.map((instance) => el(instance.state === "GONE" ? "tr.gone" : "tr", {},
    el("td", {}, el("span.id", { title: instance.instanceId }, instance.instanceId),
      el("span.sub", {}, `${instance.service} on ${instance.nodeId}`)),
    el("td", {}, el(`span.state.${instance.state.toLowerCase()}`, {}, instance.state.toLowerCase()),
      instance.reason ? el("span.sub", {}, instance.reason) : null),
    el("td.number", {}, format.count(instance.inFlight)),
    el("td.number", {}, format.bytes(instance.memoryBytes)),
    el("td.number", {}, format.micros(instance.cpuMicros)),
    el("td.number", {}, time(instance.startedAt, format.ago(instance.startedAt, now))))), "instances");
}

export const RECORD_HEADINGS = [
  { text: "Time" }, { text: "Service" }, { text: "Result" }, { text: "Phases", hint: "Queue, start and app; widths grow with the square root" },
  { text: "Total", number: true }, { text: "Billed", number: true }, { text: "CPU", number: true }, { text: "Cost", number: true },
];

export function longest(records) {
  return records.reduce((most, record) => Math.max(most, total(record)), 1);
}

export function recordRow(record, longestMicros, currency, fresh) {
  const day = new Date(record.receivedAt).toDateString() === new Date().toDateString()
    ? null : el("span.sub", {}, new Date(record.receivedAt).toLocaleDateString());
  return el(fresh ? "tr.fresh" : "tr", { "data-id": record.invocationId },
    el("td", {}, el("a", { href: `#invocation/${record.invocationId}`, "data-key": record.invocationId },
      time(record.receivedAt, format.clock(record.receivedAt))), day),
    el("td", {}, el("span.name", { title: record.revision }, record.service),
      el(record.coldStart ? "span.badge.cold" : "span.sub", {}, record.coldStart ? "cold" : "warm")),
    el("td", {}, result(record)),
    el("td.phases", { title: describe(record) }, bar(record, longestMicros)),
    el("td.number", {}, format.micros(total(record))),
    el("td.number", {}, format.millis(record.billedMillis)),
    el("td.number", { title: record.cpuApportioned ? "a share: other calls used the instance too" : null },
      format.micros(record.cpuMicros) + (record.cpuApportioned ? "*" : "")),
    el("td.number", {}, alignedMoney(record.cost, currency)));
}

export function result(record) {
  const good = record.outcome === "SUCCESS";
  return el(good ? "span.good" : "span.bad", {}, record.status === 0 ? OUTCOMES[record.outcome]
    : `${record.status}${good ? "" : ` ${OUTCOMES[record.outcome]}`}`);
}

export function records(list, currency, fresh = new Set()) {
  const longestMicros = longest(list);
  return table("Invocations, newest first", RECORD_HEADINGS,
    list.map((record) => recordRow(record, longestMicros, currency, fresh.has(record.invocationId))), "records");
}
