package dev.wisp.controller.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionReadiness.Phase;
import dev.wisp.contracts.revision.RevisionReadiness.State;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.testkit.MemoryBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The API, the store and the outbox together, on a real Postgres and a bus in memory; each test has a namespace of its own. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class ServingApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newHttpClient();
    private final MemoryBus bus;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // Quarkus sets it.
    URI base;

    ServingApiIT(MemoryBus bus) {
        this.bus = bus;
    }

    @Test
    void deploysAndRoutesOnceANodeIsReady() throws Exception {
        JsonNode created = json(post("deploy", manifest("hello", "registry.test/hello", "")), 201);

        assertThat(created.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(created.at("/status/latestCreatedRevisionName").asText()).isEqualTo("hello-00001");
        assertThat(created.at("/status/url").asText()).isEqualTo("http://hello.deploy.localhost:8080");
        assertThat(condition(created, "Ready").at("/status").asText()).isEqualTo("Unknown");
        assertThat(created.at("/spec/template/spec/containers/0/resources/limits/memory")
                        .asText())
                .isEqualTo("256Mi");
        awaitRoute("hello.deploy.localhost", List.of());
        RevisionSpec spec = awaitRevision("deploy/hello-00001");
        assertThat(spec.process().argv()).containsExactly("/hello");

        report("deploy/hello-00001", State.READY, null);

        awaitRoute("hello.deploy.localhost", target("deploy/hello-00001"));
        JsonNode ready = json(get("/apis/serving.knative.dev/v1/namespaces/deploy/services/hello"), 200);
        assertThat(condition(ready, "Ready").at("/status").asText()).isEqualTo("True");
        assertThat(ready.at("/status/traffic/0/revisionName").asText()).isEqualTo("hello-00001");
        assertThat(ready.at("/status/latestReadyRevisionName").asText()).isEqualTo("hello-00001");
    }

    private void report(String revision, State state, @Nullable Problem problem) {
        RevisionReadiness report = new RevisionReadiness(
                RevisionId.parse(revision),
                "node-1",
                state,
                List.of(new Phase("image", 1_000, "1 layer")),
                problem,
                Instant.now());
        bus.publish(Topics.READINESS, revision + "@node-1", report);
    }

    private RevisionSpec awaitRevision(String id) {
        return Awaitility.await().atMost(PATIENCE).until(() -> bus.last(Topics.REVISIONS, id), spec -> spec != null);
    }

    private void awaitRoute(String host, List<Route.Target> targets) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            Route route = bus.last(Topics.ROUTES, host);
            assertThat(route).isNotNull();
            assertThat(route.targets()).isEqualTo(targets);
        });
    }

    private static List<Route.Target> target(String revision) {
        return List.of(new Route.Target(RevisionId.parse(revision), 100, null));
    }

    private static String manifest(String name, String image, String annotations) {
        return """
                {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "%s"},
                 "spec": {"template": {"metadata": {"annotations": {%s}},
                                       "spec": {"containers": [{"image": "%s"}]}}}}""".formatted(name, annotations, image);
    }

    private static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.get("type").asText().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError("no condition " + type + " in " + object);
    }

    private HttpResponse<String> post(String namespace, String body) throws IOException, InterruptedException {
        return send("POST", "/apis/serving.knative.dev/v1/namespaces/" + namespace + "/services", body);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }
}
