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
  return ask(query.size > 0 ? `${path}?${query}` : path, { headers: { Accept: "application/json" } }, WAIT_MAX_MILLIS);
}

/** With a body of JSON; waits longer, since something is done. */
export async function send(method, path, body, waitMaxMillis = 65_000) {
  return ask(path, { method, headers: { Accept: "application/json", "Content-Type": "application/json" }, body: JSON.stringify(body) },
    waitMaxMillis);
}

/** With a file as the body. */
export async function upload(path, file) {
  return ask(path, { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/octet-stream" }, body: file }, 600_000);
}

async function ask(url, options, waitMaxMillis) {
  let response, text;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(waitMaxMillis) });
    text = await response.text();
  } catch {
    throw new Trouble("Wisp does not answer", "The API could not be reached from this page, or not in time.", "./wisp status");
  }
  const body = parse(text);
  if (!response.ok) throw troubleOf(response, body ?? {});
  if (body === undefined) throw new Trouble("Not understood", "The answer of the API is cut off, or of something else at its address.", "./wisp status");
  return body;
}

/** Undefined of what is no JSON: half an answer is not an empty one. */
function parse(text) {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function troubleOf(response, body) {
  const trouble = new Trouble(`${body.title ?? response.statusText}${body.code ? ` (${body.code})` : ""}`,
    body.detail ?? `The API answered ${response.status}.`, body.hint);
  trouble.status = response.status;
  trouble.errors = body.errors ?? [];
  return trouble;
}

/** Hands over lines of text as they come until stop() of the answer is called; the server keeps the stream open. */
export function lines(path, onLine, onEnd) {
  const abort = new AbortController();
  (async () => {
    try {
      const response = await fetch(path, { signal: abort.signal });
      if (!response.ok) throw troubleOf(response, await response.json().catch(() => ({})));
      let rest = "";
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const whole = (rest + part.value).split("\n");
        rest = whole.pop();
        onLine(whole);
      }
      onEnd(null);
    } catch (trouble) {
      if (!abort.signal.aborted) onEnd(trouble instanceof Trouble ? trouble : new Trouble("The stream ended", "The connection was lost."));
    }
  })();
  return { stop: () => abort.abort() };
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
