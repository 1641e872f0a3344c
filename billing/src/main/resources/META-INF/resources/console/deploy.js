// A new service: what it runs, how large, how many; beside it what a month of it would cost, before anything is deployed.

import * as api from "./api.js";
import * as format from "./format.js";
import * as tables from "./tables.js";
import { command, el, facts, failure, field, select } from "./dom.js";
import { estimatePanel } from "./estimate.js";

const SERVICES = (namespace) => `/apis/serving.knative.dev/v1/namespaces/${encodeURIComponent(namespace)}/services`;
const MEMORY = ["32Mi", "64Mi", "128Mi", "256Mi", "512Mi", "1Gi", "2Gi", "4Gi"];
const CPU = ["0.1", "0.25", "0.5", "1", "2", "4"];
const NAME = "[a-z]([a-z0-9\\-]{0,61}[a-z0-9])?";

export function page() {
  const text = (id, attributes) => el("input", { id, type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", oninput: changed, ...attributes });
  const number = (id, value, attributes) => el("input", { id, type: "number", inputmode: "numeric", value, oninput: changed, ...attributes });
  const input = {
    name: text("deploy-name", { required: true, pattern: NAME, placeholder: "hello" }),
    namespace: text("deploy-namespace", { required: true, pattern: NAME, value: "default" }),
    image: text("deploy-image", { placeholder: "registry.example.com/hello:1" }),
    archive: el("input", { id: "deploy-archive", type: "file", accept: ".tar", onchange: changed }),
    port: number("deploy-port", 8080, { min: 1, max: 65535, required: true }),
    memory: select(MEMORY.map((one) => [one, one]), "256Mi", { id: "deploy-memory", onchange: changed }),
    cpu: select(CPU.map((one) => [one, one]), "1", { id: "deploy-cpu", onchange: changed }),
    concurrency: number("deploy-concurrency", 0, { min: 0, max: 1000, required: true }),
    min: number("deploy-min", 0, { min: 0, max: 1000, required: true }),
    max: number("deploy-max", 0, { min: 0, max: 100000, required: true }),
    env: el("textarea", { id: "deploy-env", rows: 3, spellcheck: "false", placeholder: "GREETING=Hello", oninput: changed }),
  };
  const button = el("button.action.primary", { type: "submit" }, "Deploy");
  const said = el("div", { "aria-live": "polite" });
  const shell = el("div");
  const estimate = estimatePanel(() => ({ memory: input.memory.value, cpu: input.cpu.value, concurrency: Number(input.concurrency.value) }));
  const form = el("form.form", { onsubmit: submit, "aria-labelledby": "deploy-title" },
    el("div.form-row", {}, field("Name", input.name, "Small letters, digits and hyphens"), field("Namespace", input.namespace)),
    field("Image", input.image, "From a registry; or choose an archive below"), field("Archive", input.archive, "What docker save or an OCI build writes"),
    el("div.form-row", {}, field("Memory", input.memory), field("Processors", input.cpu), field("Port", input.port, "Where it listens: $PORT")),
    el("div.form-row", {}, field("Calls at once", input.concurrency, "An instance; 0: no limit"), field("At least", input.min, "Instances; 0: nothing runs idle"),
      field("At most", input.max, "Instances; 0: no limit")),
    field("Environment", input.env, "One NAME=value a line"), el("div.actions", {}, button));
  const element = el("div.split", {}, el("div.stack", {}, el("section.panel", { "aria-labelledby": "deploy-title" },
    el("h1", { id: "deploy-title" }, "Deploy a service"), form), said, el("section.panel", { "aria-labelledby": "shell-title" },
    el("h2", { id: "shell-title" }, "The same from a shell"), shell)), estimate.element);
  let closed = false;

  function changed() {
    shell.replaceChildren(command(["./wisp deploy", input.name.value || "NAME", input.archive.files.length > 0 ? `--archive ${input.archive.files[0].name}` : `--image ${input.image.value || "REF"}`,
      input.namespace.value === "default" ? "" : `-n ${input.namespace.value}`, `--memory ${input.memory.value} --cpu ${input.cpu.value} --port ${input.port.value}`,
      input.concurrency.value === "0" ? "" : `--concurrency ${input.concurrency.value}`, input.min.value === "0" ? "" : `--min ${input.min.value}`,
      input.max.value === "0" ? "" : `--max ${input.max.value}`].filter((part) => part !== "").join(" ")));
    estimate.update();
  }

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const image = await imageOf(input, said);
      said.replaceChildren(el("p.panel", { role: "status" }, "Asking for the service…"));
      const service = await api.send("POST", SERVICES(input.namespace.value), manifest(input, image));
      await follow(service.metadata.namespace, service.metadata.name);
    } catch (trouble) {
      said.replaceChildren(failure(trouble), trouble.errors?.length > 0 ? facts(trouble.errors.map((error) => [error.pointer, error.detail])) : "");
    }
    button.disabled = false;
  }

  async function follow(namespace, name) {
    const path = `/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}/progress`;
    let progress = await api.get(path);
    show(progress);
    said.scrollIntoView({ block: "nearest" });
    for (show(progress); !progress.done && !closed; show(progress)) {
      progress = await api.get(path, { version: progress.version, wait: 4 });
    }
  }

  function show(progress) {
    const words = { WAITING: "waits for a node", PULLING: "pulls its image", STARTING: "starts once, to see that it listens", READY: "is ready", FAILED: "failed", DEADLINE_EXCEEDED: "was not ready in time" };
    said.replaceChildren(el("section.panel", { "data-state": progress.state, "aria-labelledby": "progress-title" },
      el("h2", { id: "progress-title" }, `${progress.revision} ${words[progress.state] ?? progress.state}`),
      el("ul.steps", {}, (progress.phases ?? []).map((phase) => el("li", {}, el("span.id", {}, format.micros(phase.micros)), phase.name, el("span.sub", {}, phase.detail)))),
      progress.problem ? failure({ title: `${progress.problem.title} (${progress.problem.code})`, message: progress.problem.detail, hint: progress.problem.hint }) : null,
      progress.state === "READY" ? el("p.actions", {}, el("a.action.primary", { href: `${tables.servicePath(progress.namespace, progress.service)}/test` }, "Send it a request"),
        el("a.action", { href: tables.servicePath(progress.namespace, progress.service) }, "Open it")) : null));
  }

  changed();
  return { element, title: "Deploy", update: () => {}, close: () => {
    closed = true;
  } };
}

async function imageOf(input, said) {
  if (input.archive.files.length === 0) {
    if (input.image.value.trim() === "") throw new api.Trouble("No image", "Name an image of a registry, or choose an archive.");
    return input.image.value.trim();
  }
  said.replaceChildren(el("p.panel", { role: "status" }, `Uploading ${input.archive.files[0].name}…`));
  await api.upload(`/v1/images?name=${encodeURIComponent(input.name.value)}`, input.archive.files[0]);
  return `wisp.local/${input.name.value}`;
}

function manifest(input, image) {
  const annotations = {};
  if (input.min.value !== "0") annotations["autoscaling.knative.dev/min-scale"] = input.min.value;
  if (input.max.value !== "0") annotations["autoscaling.knative.dev/max-scale"] = input.max.value;
  const env = input.env.value.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const [name, ...value] = line.split("=");
    return { name: name.trim(), value: value.join("=") };
  });
  return { apiVersion: "serving.knative.dev/v1", kind: "Service", metadata: { name: input.name.value, namespace: input.namespace.value },
    spec: { template: { metadata: { annotations }, spec: { containerConcurrency: Number(input.concurrency.value),
      containers: [{ image, ports: [{ containerPort: Number(input.port.value) }], env, resources: { limits: { cpu: input.cpu.value, memory: input.memory.value } } }] } } } };
}
