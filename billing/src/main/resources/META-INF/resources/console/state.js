// What the page knows. Pages read it and are told when it changed.

import * as api from "./api.js";
import * as format from "./format.js";

const RECORDS_MAX = 200;
const OVERVIEW_PAUSE_MILLIS = 1_000;
const OVERVIEW_IDLE_MILLIS = 5_000;
const TIMES_PAUSE_MILLIS = 10_000;

export const state = {
  link: "connecting",
  trouble: null,
  overview: null,
  instances: [],
  /** By "namespace/name": how long the last calls of a service took. Asked for apart, and less often. */
  times: new Map(),
  /** Newest first; without a second record of an id, should the feed begin again. */
  records: [],
  fresh: new Set(),
};

const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(what) {
  for (const listener of listeners) listener(what);
}

function takeRecords(records) {
  const known = new Set(state.records.map((record) => record.invocationId));
  const newer = records.filter((record) => !known.has(record.invocationId));
  state.fresh = new Set(state.records.length === 0 ? [] : newer.map((record) => record.invocationId));
  state.records = [...newer.reverse(), ...state.records].slice(0, RECORDS_MAX);
  return newer.length > 0;
}

let overviewTimer = null;
let overviewRunning = false;

function overviewSoon(delay) {
  if (overviewTimer !== null && delay >= OVERVIEW_IDLE_MILLIS) return;
  clearTimeout(overviewTimer);
  overviewTimer = setTimeout(loadOverview, delay);
}

let timesAt = 0;

async function loadTimes() {
  timesAt = Date.now();
  try {
    const services = await api.get("/v1/overview/times");
    state.times = new Map(services.map((one) => [`${one.namespace}/${one.name}`, one]));
    changed("overview");
  } catch {
    state.times = new Map();
  }
}

async function loadOverview() {
  overviewTimer = null;
  if (overviewRunning) return;
  overviewRunning = true;
  try {
    state.overview = await api.get("/v1/overview");
    format.useCurrency(state.overview.currency);
    state.instances = state.overview.instances;
    state.trouble = null;
  } catch (trouble) {
    state.trouble = trouble;
  }
  overviewRunning = false;
  changed("overview");
  if (state.trouble === null && Date.now() - timesAt > TIMES_PAUSE_MILLIS) loadTimes();
  overviewSoon(OVERVIEW_IDLE_MILLIS);
}

export function start() {
  loadOverview();
  let last = 0;
  api.live((event) => {
    if (event.instances) {
      state.instances = event.instances;
      changed("instances");
    }
    if (takeRecords(event.records)) changed("records");
    if (event.instances || event.records.length > 0) {
      const now = Date.now();
      if (now - last >= OVERVIEW_PAUSE_MILLIS) {
        last = now;
        overviewSoon(OVERVIEW_PAUSE_MILLIS);
      }
    }
  }, (link) => {
    state.link = link;
    changed("link");
  });
}
