// Sends one request and shows all that came back: status, where the time went, every header, and the price of this very call.

import * as api from "./api.js";
import * as format from "./format.js";
import { command, el, field, failure, figure, money, select, table } from "./dom.js";
import { state } from "./state.js";
import { bar, legend } from "./waterfall.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export function testTab({ namespace, name }) {
  const method = select(METHODS.map((one) => [one, one]), "GET", { id: "call-method" });
  const path = el("input", { id: "call-path", type: "text", value: "/", spellcheck: "false", autocapitalize: "off", required: true });
  const headers = el("textarea", { id: "call-headers", rows: 2, spellcheck: "false", placeholder: "accept: text/plain" });
  const body = el("textarea", { id: "call-body", rows: 4, spellcheck: "false" });
  const button = el("button.action.primary", { type: "submit" }, "Send request");
  const answerBox = el("div.stack", { "aria-live": "polite" });
  const form = el("form.form", { onsubmit: send, "aria-labelledby": "call-title" },
    el("div.form-row.call", {}, field("Method", method), field("Path", path)),
    field("Headers", headers, "One a line, as name: value"), field("Body", body, "Sent as it stands; not with GET and HEAD"),
    el("div.actions", {}, button));
  const element = el("div.stack", {}, el("section.panel", { "aria-labelledby": "call-title" },
    el("h2", { id: "call-title" }, "Send a request"), form), answerBox);

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    button.textContent = "Sending…";
    try {
      const call = { namespace, service: name, method: method.value, path: path.value, headers: parse(headers.value),
        body: body.value === "" || method.value === "GET" || method.value === "HEAD" ? null : body.value };
      const answer = await api.send("POST", "/v1/console/calls", call);
      answerBox.replaceChildren(...show(answer, call));
    } catch (trouble) {
      answerBox.replaceChildren(failure(trouble));
    }
    button.disabled = false;
    button.textContent = "Send request";
  }

  function show(answer, call) {
    const value = (wanted) => answer.headers.findLast((header) => header.name.toLowerCase() === wanted)?.value;
    return [summary(answer, value), bodyPanel(answer), headerPanel(answer),
      el("section.panel", { "aria-labelledby": "curl-title" }, el("h2", { id: "curl-title" }, "The same from a shell"), command(curl(call, name, namespace)))];
  }
  return { element };
}

function parse(text) {
  const headers = {};
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (line.trim() === "") continue;
    if (colon < 1) throw new api.Trouble("Not sent", `“${line.trim()}” is not a header: it needs a colon after its name.`);
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function timing(text) {
  const durations = {};
  for (const part of (text ?? "").split(",")) {
    const match = /^\s*([\w-]+);dur=([\d.]+)/.exec(part);
    if (match) durations[match[1]] = Number(match[2]) * 1_000;
  }
  return durations;
}

function summary(answer, value) {
  const durations = timing(value("server-timing"));
  const phases = { queueMicros: durations.queue ?? 0, startMicros: durations.start ?? 0, appMicros: durations.app ?? 0 };
  const all = phases.queueMicros + phases.startMicros + phases.appMicros;
  const cost = value("x-cost")?.split(" ") ?? [];
  const id = value("x-invocation-id");
  return el("section.panel", { "aria-labelledby": "answer-title" }, el("div.panel-head", {}, el("h2", { id: "answer-title" }, "Answer"), legend()),
    el("dl.figures.inner", {},
      figure("Status", el(answer.status < 400 ? "span.good" : "span.bad", { "data-status": answer.status }, String(answer.status)), answer.reason),
      figure("Took", format.micros(answer.micros), value("x-cold-start") === "true" ? "cold start" : value("x-cold-start") === "false" ? "warm" : "as the console saw it"),
      figure("Billed", value("x-billed-duration-ms") === undefined ? "—" : format.millis(Number(value("x-billed-duration-ms"))), "memory time"),
      figure("Price", cost.length === 0 ? "—" : money(cost[0], cost[1] ?? state.overview?.currency ?? "USD"), cost.length === 0 ? "not metered" : "of this call")),
    all > 0 ? el("div.big-bar", {}, bar(phases, all)) : null,
    id ? el("p.more", {}, el("a", { href: `#invocation/${id}` }, "Open its record and the sum behind the price"), el("span.sub", {}, "it reaches the ledger within a second")) : null);
}

function bodyPanel(answer) {
  return el("section.panel", { "aria-labelledby": "body-title" }, el("div.panel-head", {}, el("h2", { id: "body-title" }, "Body"),
    el("span.quiet", {}, `${format.bytes(answer.bodyBytes)}${answer.truncated ? ", its beginning is shown" : ""}`)),
  answer.body === "" ? el("p.quiet", {}, "Empty.") : el("pre.body", { tabindex: "0", "aria-label": "Body of the answer" }, answer.body));
}

function headerPanel(answer) {
  return el("section.panel", { "aria-labelledby": "headers-title" }, el("h2", { id: "headers-title" }, "Headers"),
    table("Headers of the answer", [{ text: "Name" }, { text: "Value" }], answer.headers.map((header) =>
      el("tr", {}, el("td.id", {}, header.name), el("td.id.wrap", {}, header.value))), "pairs"));
}

function curl(call, name, namespace) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const url = state.overview?.services.find((one) => one.name === name && one.namespace === namespace)?.url ?? "";
  return ["curl -i", call.method === "GET" ? "" : `-X ${call.method}`, ...Object.entries(call.headers).map(([key, value]) => `-H ${quote(`${key}: ${value}`)}`),
    call.body === null ? "" : `--data-binary ${quote(call.body)}`, quote(url + call.path)].filter((part) => part !== "").join(" ");
}
