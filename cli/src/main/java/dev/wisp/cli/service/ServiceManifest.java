package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the Knative Service to send: from nothing, or from the one that is there, changed only where settings say so. */
final class ServiceManifest {

    private final ObjectNode root;
    private boolean change;

    private ServiceManifest(ObjectNode root) {
        this.root = root;
    }

    static ServiceManifest empty(String namespace, String name) {
        ObjectNode root = Json.object();
        root.put("apiVersion", "serving.knative.dev/v1").put("kind", "Service");
        root.putObject("metadata").put("name", name).put("namespace", namespace);
        return new ServiceManifest(root);
    }

    /** As someone wrote it. */
    static ServiceManifest of(JsonNode service) {
        ObjectNode root = service.deepCopy();
        root.remove("status");
        return new ServiceManifest(root);
    }

    /** The next revision of a service that is there. */
    static ServiceManifest following(JsonNode service) {
        ServiceManifest manifest = of(service);
        // A revision's name cannot be used twice; without one the platform makes the next.
        child(manifest.template(), "metadata").remove("name");
        return manifest;
    }

    /** Takes over what makes a change safe: the version it was made from. */
    void replaces(JsonNode existing) {
        change = true;
        JsonNode version = existing.path("metadata").path("resourceVersion");
        ObjectNode metadata = child(root, "metadata");
        if (!version.isMissingNode() && !metadata.has("resourceVersion")) {
            metadata.set("resourceVersion", version);
        }
    }

    /**
     * Applies settings.
     *
     * @param image null leaves the image as it is
     * @param environment value null takes the variable away
     */
    void apply(@Nullable String image, DeploySettings settings, Map<String, @Nullable String> environment) {
        ObjectNode container = container();
        if (image != null) {
            container.put("image", image);
        }
        if (settings.port != null) {
            container.putArray("ports").addObject().put("containerPort", settings.port);
        }
        words(container, "command", settings.command);
        words(container, "args", settings.arguments);
        limit(container, "cpu", settings.cpu);
        limit(container, "memory", settings.memory);
        environment.forEach((name, value) -> variable(container, name, value));
        ObjectNode spec = child(template(), "spec");
        number(spec, "containerConcurrency", settings.concurrency);
        number(spec, "timeoutSeconds", settings.timeout);
        settings.annotations()
                .forEach((key, value) ->
                        child(child(template(), "metadata"), "annotations").put(key, value));
    }

    String name() {
        return root.path("metadata").path("name").asText();
    }

    String namespace(String otherwise) {
        return root.path("metadata").path("namespace").asText(otherwise);
    }

    /** Whether the service is there already. */
    boolean isChange() {
        return change;
    }

    ObjectNode json() {
        return root;
    }

    private ObjectNode template() {
        return child(child(root, "spec"), "template");
    }

    private ObjectNode container() {
        ObjectNode spec = child(template(), "spec");
        ArrayNode containers = spec.get("containers") instanceof ArrayNode array ? array : spec.putArray("containers");
        return containers.get(0) instanceof ObjectNode first ? first : containers.addObject();
    }

    private static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode child ? child : parent.putObject(name);
    }

    private static void words(ObjectNode container, String field, List<String> words) {
        if (!words.isEmpty()) {
            ArrayNode array = container.putArray(field);
            words.forEach(array::add);
        }
    }

    private static void limit(ObjectNode container, String resource, @Nullable String quantity) {
        if (quantity != null) {
            child(child(container, "resources"), "limits").put(resource, quantity);
        }
    }

    private static void number(ObjectNode spec, String field, @Nullable Integer value) {
        if (value != null) {
            spec.put(field, value.intValue());
        }
    }

    private static void variable(ObjectNode container, String name, @Nullable String value) {
        ArrayNode variables = container.get("env") instanceof ArrayNode array ? array : container.putArray("env");
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).path("name").asText().equals(name)) {
                variables.remove(i);
            }
        }
        if (value != null) {
            variables.addObject().put("name", name).put("value", value);
        }
    }
}
