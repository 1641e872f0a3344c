package dev.wisp.controller.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.problem.ErrorCode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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

    @SuppressWarnings("NullAway.Init") // PostgresResource sets it.
    PostgresResource.Control postgres;

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

    @Test
    void keepsTrafficWhenAChangeFailsAndMovesItWhenOneIsReady() throws Exception {
        deployReady("change", "s");
        JsonNode seen = json(get(service("change", "s")), 200);

        JsonNode changed = json(put("change", "s", manifest("s", "registry.test/hello:2", "")), 200);
        assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(changed.at("/metadata/resourceVersion")).isNotEqualTo(seen.at("/metadata/resourceVersion"));
        report("change/s-00002", State.FAILED, Problem.of(ErrorCode.NOT_LISTENING, "nothing on 8080"));
        JsonNode failed = awaitReady("change", "s", "False");

        assertThat(condition(failed, "Ready").at("/reason").asText()).isEqualTo("NotListening");
        assertThat(condition(failed, "Ready").at("/message").asText())
                .isEqualTo("revision s-00002: E1203: nothing on 8080");
        assertThat(condition(failed, "RoutesReady").at("/status").asText()).isEqualTo("True");
        assertThat(failed.at("/status/traffic/0/revisionName").asText()).isEqualTo("s-00001");

        json(put("change", "s", manifest("s", "registry.test/hello", "\"a/b\": \"c\"")), 200);
        report("change/s-00003", State.READY, null);
        awaitRoute("s.change.localhost", target("change/s-00003"));
        awaitWithdrawn("change/s-00001");
        awaitWithdrawn("change/s-00002");
        JsonNode revisions = json(get("/apis/serving.knative.dev/v1/namespaces/change/revisions"), 200);
        assertThat(revisions.at("/items").size()).isEqualTo(3);
        assertThat(revisions.at("/items/0/metadata/name").asText()).isEqualTo("s-00003");
    }

    @Test
    void makesNoRevisionForMetadata() throws Exception {
        deployReady("metadata", "s");

        JsonNode changed = json(
                put(
                        "metadata",
                        "s",
                        manifest("s", "registry.test/hello", "")
                                .replace("\"name\": \"s\"", "\"name\": \"s\", \"labels\": {\"team\": \"a\"}")),
                200);

        assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(changed.at("/metadata/labels/team").asText()).isEqualTo("a");
        assertThat(changed.at("/status/latestCreatedRevisionName").asText()).isEqualTo("s-00001");
        JsonNode selected = json(get("/apis/serving.knative.dev/v1/services?labelSelector=team%3Da"), 200);
        assertThat(selected.at("/items").size()).isEqualTo(1);
        assertThat(selected.at("/kind").asText()).isEqualTo("ServiceList");
    }

    @Test
    void rollsBackToARevisionThatWasWithdrawn() throws Exception {
        deployReady("rollback", "s");
        json(put("rollback", "s", manifest("s", "registry.test/hello:2", "")), 200);
        report("rollback/s-00002", State.READY, null);
        awaitWithdrawn("rollback/s-00001");

        String pinned = manifest("s", "registry.test/hello:2", "")
                .replace(
                        "\"template\"",
                        "\"traffic\": [{\"revisionName\": \"s-00001\", \"percent\": 100}], \"template\"");
        JsonNode rolling = json(put("rollback", "s", pinned), 200);

        assertThat(condition(rolling, "RoutesReady").at("/status").asText()).isEqualTo("Unknown");
        assertThat(rolling.at("/status/traffic/0/revisionName").asText()).isEqualTo("s-00002");
        awaitRevision("rollback/s-00001");
        report("rollback/s-00001", State.READY, null);
        awaitRoute("s.rollback.localhost", target("rollback/s-00001"));
    }

    /** A mapper of entities that shares what it knows of a removal between sessions would mix up two at once. */
    @Test
    void deletesManyServicesAtOnce() throws Exception {
        List<String> names =
                IntStream.range(0, 24).mapToObj(number -> "many-" + number).toList();
        for (String name : names) {
            json(post("delete-many", manifest(name, "registry.test/hello", "")), 201);
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpResponse<String>>> deletes = names.stream()
                    .<Callable<HttpResponse<String>>>map(name -> () -> send("DELETE", service("delete-many", name), ""))
                    .toList();

            for (Future<HttpResponse<String>> deleted : callers.invokeAll(deletes)) {
                json(deleted.get(), 200);
            }
        }
        assertThat(json(get("/apis/serving.knative.dev/v1/namespaces/delete-many/services"), 200)
                        .at("/items"))
                .isEmpty();
    }

    @Test
    void deletesEverythingOfAService() throws Exception {
        deployReady("delete", "s");
        JsonNode seen = json(get(service("delete", "s")), 200);
        String stale = "{\"preconditions\": {\"resourceVersion\": \"1\"}}";
        problem(send("DELETE", service("delete", "s"), stale), 409, "E1804");
        problem(send("DELETE", service("delete", "s") + "?dryRun=All", ""), 422, "E1801");

        JsonNode deleted = json(send("DELETE", service("delete", "s"), "{\"propagationPolicy\": \"Background\"}"), 200);

        assertThat(deleted.at("/kind").asText()).isEqualTo("Status");
        assertThat(deleted.at("/status").asText()).isEqualTo("Success");
        assertThat(deleted.at("/details/uid")).isEqualTo(seen.at("/metadata/uid"));
        problem(get(service("delete", "s")), 404, "E1803");
        problem(send("DELETE", service("delete", "s"), ""), 404, "E1803");
        problem(get("/apis/serving.knative.dev/v1/namespaces/delete/revisions/s-00001"), 404, "E1803");
        awaitWithdrawn("delete/s-00001");
        Awaitility.await().atMost(PATIENCE).until(() -> bus.last(Topics.ROUTES, "s.delete.localhost") == null);
    }

    @Test
    void refusesWhatConflicts() throws Exception {
        deployReady("conflict", "s");
        String manifest = manifest("s", "registry.test/hello:2", "");

        problem(post("conflict", manifest), 409, "E1804");
        problem(put("conflict", "other", manifest("other", "registry.test/hello", "")), 404, "E1803");
        String stale = manifest.replace("\"name\": \"s\"", "\"name\": \"s\", \"resourceVersion\": \"1\"");
        problem(put("conflict", "s", stale), 409, "E1804");
    }

    @Test
    void letsOneOfManyChangesWin() throws Exception {
        JsonNode seen = deployReady("race", "s");
        String version = seen.at("/metadata/resourceVersion").asText();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String manifest = manifest("s", "registry.test/hello:2", "\"a/b\": \"%d\"".formatted(i))
                    .replace("\"name\": \"s\"", "\"name\": \"s\", \"resourceVersion\": \"%s\"".formatted(version));
            answers.add(client.sendAsync(request("PUT", service("race", "s"), manifest), BodyHandlers.ofString()));
        }

        List<Integer> statuses = answers.stream()
                .map(answer -> answer.join().statusCode())
                .sorted()
                .toList();

        assertThat(statuses).containsExactly(200, 409, 409, 409, 409, 409, 409, 409);
    }

    @Test
    void changesNothingOnBadInput() throws Exception {
        problem(post("bad", "{\"kind\": "), 400, "E1802");
        problem(post("bad", manifest("s", "registry.test/missing", "")), 422, "E1101");
        problem(post("bad", manifest("s", "registry.test/bare", "")), 422, "E1106");
        problem(post("bad", manifest("S", "registry.test/hello", "")), 422, "E1801");
        problem(post("bad", " ".repeat(BoundedBody.BYTES_MAX + 1)), 413, "E1806");
        problem(get("/apis/serving.knative.dev/v1/services?watch=true"), 422, "E1801");

        assertThat(json(get("/apis/serving.knative.dev/v1/namespaces/bad/services"), 200)
                        .at("/items"))
                .as("an empty list, not a missing one")
                .isInstanceOf(ArrayNode.class)
                .isEmpty();
    }

    @Test
    void tellsHowADeploymentGoes() throws Exception {
        json(post("progress", manifest("s", "registry.test/hello", "")), 201);
        String path = "/v1/namespaces/progress/services/s/progress";
        JsonNode first = json(get(path + "?generation=1"), 200);
        assertThat(first.at("/state").asText()).isEqualTo("WAITING");
        assertThat(first.at("/digest").asText()).startsWith("sha256:aaaa");
        problem(get(path + "?generation=2"), 404, "E1803");
        problem(get(path + "?wait=31"), 422, "E1801");

        CompletableFuture<HttpResponse<String>> news = client.sendAsync(
                request("GET", path + "?wait=20&version=" + first.at("/version").asText(), ""),
                BodyHandlers.ofString());
        report("progress/s-00001", State.STARTING, null);
        JsonNode second = json(news.join(), 200);
        assertThat(second.at("/state").asText()).isEqualTo("STARTING");
        assertThat(second.at("/done").asBoolean()).isFalse();

        CompletableFuture<HttpResponse<String>> outcome =
                client.sendAsync(request("GET", path + "?wait=20", ""), BodyHandlers.ofString());
        report("progress/s-00001", State.READY, null);
        JsonNode last = json(outcome.join(), 200);
        assertThat(last.at("/done").asBoolean()).isTrue();
        assertThat(last.at("/phases/0/name").asText()).isEqualTo("image");
        assertThat(last.at("/traffic").asText()).isEqualTo("s-00001");
        assertThat(last.at("/url").asText()).isEqualTo("http://s.progress.localhost:8080");
    }

    @Test
    void publishesLaterWhatCouldNotBePublished() throws Exception {
        bus.cut();
        try {
            json(post("cut", manifest("s", "registry.test/hello", "")), 201);
            assertThat(bus.last(Topics.REVISIONS, "cut/s-00001")).isNull();
        } finally {
            bus.restore();
        }

        awaitRevision("cut/s-00001");
        awaitRoute("s.cut.localhost", List.of());
    }

    @Test
    void tellsClientsWhatThereIs() throws Exception {
        assertThat(json(get("/apis"), 200).at("/groups/0/name").asText()).isEqualTo("serving.knative.dev");
        JsonNode resources = json(get("/apis/serving.knative.dev/v1"), 200);
        assertThat(resources.at("/kind").asText()).isEqualTo("APIResourceList");
        assertThat(resources.at("/resources/0/name").asText()).isEqualTo("services");
    }

    @Test
    void answersAtOnceWhenPostgresIsAwayAndGoesOnWhenItIsBack() throws Exception {
        deployReady("outage", "s");
        postgres.stopServer();
        try {
            long began = System.nanoTime();
            problem(get(service("outage", "s")), 503, "E1805");
            problem(post("outage", manifest("t", "registry.test/hello", "")), 503, "E1805");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            report("outage/s-00001", State.READY, null);
        } finally {
            postgres.startServer();
        }

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> json(get(service("outage", "s")), 200));
        json(post("outage", manifest("t", "registry.test/hello", "")), 201);
        awaitRevision("outage/t-00001");
    }

    private JsonNode deployReady(String namespace, String name) throws Exception {
        json(post(namespace, manifest(name, "registry.test/hello", "")), 201);
        report(namespace + "/" + name + "-00001", State.READY, null);
        return awaitReady(namespace, name, "True");
    }

    private JsonNode awaitReady(String namespace, String name, String status) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> json(get(service(namespace, name)), 200),
                        seen -> condition(seen, "Ready").at("/status").asText().equals(status));
    }

    private void awaitWithdrawn(String revision) {
        Awaitility.await().atMost(PATIENCE).until(() -> bus.last(Topics.REVISIONS, revision) == null);
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

    private HttpResponse<String> put(String namespace, String name, String body)
            throws IOException, InterruptedException {
        return send("PUT", service(namespace, name), body);
    }

    private static String service(String namespace, String name) {
        return "/apis/serving.knative.dev/v1/namespaces/" + namespace + "/services/" + name;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private static void problem(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(json(response, status).at("/code").asText()).isEqualTo(code);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(Problem.MEDIA_TYPE);
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }
}
