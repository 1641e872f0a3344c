// The one place that talks to the server. A failure carries the problem document's own words.

export class Trouble extends Error {
  constructor(title, detail, hint) {
    super(detail);
    this.title = title;
    this.hint = hint;
  }
}

const WAIT_MAX_MILLIS = 5_000;

export async function get(path, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const url = query.size > 0 ? `${path}?${query}` : path;
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(WAIT_MAX_MILLIS) });
  } catch {
    throw new Trouble("Wisp does not answer", "The API could not be reached from this page.", "./wisp status");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Trouble(`${body.title ?? response.statusText}${body.code ? ` (${body.code})` : ""}`,
      body.detail ?? `The API answered ${response.status}.`, body.hint);
  }
  return body;
}

/** Follows the live view and connects again by itself; reports its state as "live" or "away". */
export function live(onEvent, onState) {
  let wait = 500;
  const connect = () => {
    const source = new EventSource("/v1/live");
    source.onopen = () => {
      wait = 500;
      onState("live");
    };
    source.onmessage = (message) => onEvent(JSON.parse(message.data));
    source.onerror = () => {
      source.close();
      onState("away");
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 10_000);
    };
  };
  connect();
}
