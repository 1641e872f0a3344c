package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Speaks to one platform as a user would: API on one address, invocations on the other. */
final class Client {

    static final Path HELLO = Path.of("../samples/target/hello-oci.tar").toAbsolutePath();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final URI api;
    private final URI gateway;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Client(URI api, URI gateway) {
        this.api = api;
        this.gateway = gateway;
    }

    boolean isReady() {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    HttpResponse<String> get(String path) {
        return send(
                HttpRequest.newBuilder(api.resolve(path)).timeout(TIMEOUT).GET().build());
    }

    /** As a scraper of the text format asks. */
    String getPlain(String path) {
        return getAs(path, "text/plain;version=0.0.4").body();
    }

    /** As a scraper asks that takes these types, in the order in which it likes them. */
    HttpResponse<String> getAs(String path, String types) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .header("Accept", types)
                .GET()
                .build());
    }

    HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .DELETE()
                .build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    HttpResponse<String> put(String path, String json) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build());
    }

    HttpResponse<String> upload(String name, Path archive) throws IOException {
        return send(HttpRequest.newBuilder(api.resolve("/v1/images?name=" + name))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofFile(archive))
                .build());
    }

    HttpResponse<String> invoke(String service, String path) {
        return invoke("default", service, path, "GET");
    }

    /** Without a body, of a service in any namespace. */
    HttpResponse<String> invoke(String namespace, String service, String path, String method) {
        return send(invocation(namespace, service, path)
                .method(method, BodyPublishers.noBody())
                .build());
    }

    /** By a caller who traces it. */
    HttpResponse<String> invokeTraced(String service, String path, String traceparent) {
        return send(invocation(service, path)
                .header("traceparent", traceparent)
                .GET()
                .build());
    }

    HttpResponse<String> invoke(String service, String path, String body) {
        return send(
                invocation(service, path).POST(BodyPublishers.ofString(body)).build());
    }

    /** Has a call stored, to be made without anybody waiting. */
    HttpResponse<String> store(String service, String path, String body) {
        return send(invocation(service, path)
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    /** Uploads the sample as this name and deploys it with these template annotations, as JSON members; returns when it is ready. */
    void deployHello(String name, String annotations) throws IOException {
        deploy(name, HELLO, annotations);
    }

    /** The same with an image of the caller's choice. */
    void deploy(String name, Path archive, String annotations) throws IOException {
        HttpResponse<String> uploaded = upload(name, archive);
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
        HttpResponse<String> created = post(services("default"), service(name, "wisp.local/" + name, annotations));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        awaitReady(name);
    }

    void awaitReady(String name) {
        awaitReady("default", name);
    }

    void awaitReady(String namespace, String name) {
        await(name + " settled")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> List.of("True", "False").contains(readyCondition(namespace, name)));
        assertThat(readyCondition(namespace, name))
                .as(get(services(namespace) + "/" + name).body())
                .isEqualTo("True");
    }

    String readyCondition(String name) {
        return readyCondition("default", name);
    }

    private String readyCondition(String namespace, String name) {
        JsonNode service = json(get(services(namespace) + "/" + name));
        for (JsonNode condition : service.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "none";
    }

    static String services(String namespace) {
        return "/apis/serving.knative.dev/v1/namespaces/" + namespace + "/services";
    }

    static String service(String name, String image, String annotations) {
        return """
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%s"},
                 "spec":{"template":{"metadata":{"annotations":{%s}},
                 "spec":{"containers":[{"image":"%s"}]}}}}""".formatted(name, annotations, image);
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + response.body(), e);
        }
    }

    private HttpRequest.Builder invocation(String service, String path) {
        return invocation("default", service, path);
    }

    private HttpRequest.Builder invocation(String namespace, String service, String path) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(TIMEOUT)
                .header("Host", "%s.%s.localhost:%d".formatted(service, namespace, gateway.getPort()));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
