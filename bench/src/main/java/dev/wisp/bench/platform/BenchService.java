package dev.wisp.bench.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.bench.report.BenchException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A service that a benchmark deploys into its own namespace and deletes when it is done. */
public final class BenchService implements AutoCloseable {

    public static final String NAMESPACE = "bench";

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Platform platform;
    private final String name;
    private final String host;

    private BenchService(Platform platform, String name, String host) {
        this.platform = platform;
        this.name = name;
        this.host = host;
    }

    /**
     * What is asked for beside the image.
     *
     * @param concurrency calls at once an instance, 0 for no limit
     * @param memory limit of an instance
     */
    public record Template(Map<String, String> annotations, Map<String, String> env, int concurrency, String memory) {

        /** With the platform's defaults. */
        static Template of(Map<String, String> annotations, Map<String, String> env) {
            return new Template(annotations, env, 0, "256Mi");
        }
    }

    /** Uploads the image, deploys it and waits until it is ready. */
    public static BenchService deploy(
            Platform platform, String name, Path image, Map<String, String> annotations, Map<String, String> env) {
        return deploy(platform, name, image, Template.of(annotations, env));
    }

    /** Uploads the image, deploys it and waits until it is ready. */
    public static BenchService deploy(Platform platform, String name, Path image, Template template) {
        JsonNode uploaded = Platform.successful(
                "uploading the sample image", platform.upload("/v1/images?name=bench-hello", image));
        delete(platform, name);
        Platform.successful(
                "deploying " + name,
                platform.post(
                        services(), manifest(name, uploaded.path("reference").asText(), template)));
        String url = awaitReady(platform, name);
        String authority = URI.create(url).getHost();
        return new BenchService(platform, name, authority);
    }

    /** Makes a new revision with another environment, and waits until it is ready. */
    public void rollOut(Map<String, String> env) {
        ObjectNode present = (ObjectNode) Platform.successful("reading " + name, platform.get(service(name)));
        long before = present.path("metadata").path("generation").asLong();
        ObjectNode container = (ObjectNode) present.at("/spec/template/spec/containers/0");
        container.remove("env");
        put(container, env);
        Platform.successful("rolling out " + name, platform.put(service(name), present));
        long end = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (Platform.successful("reading " + name, platform.get(service(name)))
                        .path("status")
                        .path("observedGeneration")
                        .asLong()
                <= before) {
            pause(end, name + " was not rolled out");
        }
        awaitReady(platform, name);
    }

    public String name() {
        return name;
    }

    /** Value of the header {@code Host} of calls to it. */
    public String host() {
        return host;
    }

    @Override
    public void close() {
        delete(platform, name);
    }

    private static void delete(Platform platform, String name) {
        if (platform.delete(service(name)).status() == 404) {
            return;
        }
        long end = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (platform.get(service(name)).status() != 404) {
            pause(end, name + " is still there after it was deleted");
        }
    }

    private static String awaitReady(Platform platform, String name) {
        long end = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (true) {
            JsonNode service = Platform.successful("reading " + name, platform.get(service(name)));
            for (JsonNode condition : service.path("status").path("conditions")) {
                if (condition.path("type").asText().equals("Ready")) {
                    String status = condition.path("status").asText();
                    if (status.equals("True")) {
                        return service.path("status").path("url").asText();
                    }
                    if (status.equals("False")) {
                        throw new BenchException("%s did not become ready: %s"
                                .formatted(name, condition.path("message").asText()));
                    }
                }
            }
            pause(end, "%s is not ready after %d s".formatted(name, READY_TIMEOUT.toSeconds()));
        }
    }

    private static void pause(long end, String timeoutMessage) {
        if (System.nanoTime() > end) {
            throw new BenchException(timeoutMessage);
        }
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private static JsonNode manifest(String name, String image, Template wanted) {
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("apiVersion", "serving.knative.dev/v1").put("kind", "Service");
        root.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        ObjectNode template = root.putObject("spec").putObject("template");
        ObjectNode templateAnnotations = template.putObject("metadata").putObject("annotations");
        wanted.annotations().forEach(templateAnnotations::put);
        ObjectNode spec = template.putObject("spec").put("containerConcurrency", wanted.concurrency());
        ObjectNode container = spec.putArray("containers").addObject().put("image", image);
        container.putObject("resources").putObject("limits").put("memory", wanted.memory());
        put(container, wanted.env());
        return root;
    }

    private static void put(ObjectNode container, Map<String, String> env) {
        env.forEach((key, value) ->
                container.withArray("env").addObject().put("name", key).put("value", value));
    }

    private static String services() {
        return "/apis/serving.knative.dev/v1/namespaces/%s/services".formatted(NAMESPACE);
    }

    private static String service(String name) {
        return services() + "/" + name;
    }
}
