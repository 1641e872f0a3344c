// What a service printed: live, filtered as one types and as the address says, each line leading to its instance.

import * as api from "./api.js";
import * as format from "./format.js";
import { address, choices, el, empty, field, failure, time } from "./dom.js";
import { servicePath } from "./tables.js";

const LINES_MAX = 2_000;
const TAIL = 300;
const LINE = /^(\S+) (\S+) (stdout|stderr|wisp) \| ?(.*)$/;
const MODES = [{ name: "Live" }, { name: "Paused" }];

export function logsTab({ namespace, name, query }) {
  const list = el("ol.log-lines", { "aria-label": "Output", tabindex: "0" });
  const status = el("p.summary", { role: "status" }, "Connecting…");
  const message = el("div");
  const filter = el("input", { type: "search", placeholder: "text, instance or invocation id", oninput: () => {
    history.replaceState(null, "", address(`${servicePath(namespace, name)}/logs`, { filter: filter.value.trim() }));
    redraw();
  }, spellcheck: "false" });
  filter.value = query.get("filter") ?? "";
  let kept = [];
  let paused = false;
  let stream = null;
  let retry = null;

  const element = el("section.panel", { "aria-labelledby": "logs-title" },
    el("div.panel-head", {}, el("h2", { id: "logs-title" }, "Logs"), choices("Follow", MODES, MODES[0], (mode) => {
      paused = mode === MODES[1];
      if (!paused) redraw();
      say();
    })), field("Filter", filter), message, list, status);

  function connect() {
    kept = [];
    stream = api.lines(`/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}/logs?follow=true&tail=${TAIL}`, (lines) => {
      message.replaceChildren();
      kept = [...kept, ...lines].slice(-LINES_MAX);
      if (!paused) redraw();
      say();
    }, (trouble) => {
      if (trouble !== null) message.replaceChildren(failure(trouble));
      retry = setTimeout(connect, 3_000);
    });
    setTimeout(() => kept.length === 0 && redraw(), 700);
  }

  function say() {
    status.textContent = `${format.count(kept.length)} lines kept here${paused ? ", not moving; new ones wait" : ", following"}.`;
  }

  function redraw() {
    const wanted = filter.value.trim().toLowerCase();
    const shown = wanted === "" ? kept : kept.filter((line) => line.toLowerCase().includes(wanted));
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
    if (shown.length === 0) {
      list.replaceChildren(el("li.none", {}, kept.length === 0
        ? empty("Nothing printed yet", "Lines show here as an instance writes them.", `./wisp logs ${name} -f`) : "No line has this text."));
      return;
    }
    list.replaceChildren(...shown.slice(-600).map(row));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  connect();
  return { element, close: () => {
    stream?.stop();
    clearTimeout(retry);
  } };
}

function row(line) {
  const parts = LINE.exec(line);
  if (parts === null) return el("li", {}, el("span.log-text", {}, line));
  const [, at, instance, stream, text] = parts;
  return el(stream === "stderr" ? "li.stderr" : "li", {}, time(at, format.clock(at)),
    el("span.log-instance", { title: instance }, instance.split("-").at(-1)),
    el("span.log-text", {}, stream === "stderr" ? el("span.unseen", {}, "error output: ") : null, text));
}
