package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with what a user sends: a problem document that names it, and nothing changed. What is too much of it takes no place from others (ADR 0059). */
class AbuseIT {

    private static final int HELD_MAX = 40;
    private static final int FLOODING = 3 * HELD_MAX;
    private static final String FLOOD = "flood";
    private static final String CALM = "calm";

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        platform = new PlatformProcess(home)
                .with("wisp.gateway.queue.total-max", Integer.toString(HELD_MAX))
                .start();
        client = platform.client();
        client.deployHello("good", "");
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong JSON                   | {"apiVersion"                                   | 400 | E1802
            image that is not there      | NAME:nope IMAGE:wisp.local/nope                 | 422 | E1101
            registry that is not there   | NAME:nope IMAGE:127.0.0.1:1/nope                | 422 | E1102
            name that is no DNS label    | NAME:Not_DNS IMAGE:wisp.local/good              | 422 | E1801
            max-scale below min-scale    | NAME:nope IMAGE:wisp.local/good SCALE:3,1       | 422 | E1801
            name that exists             | NAME:good IMAGE:wisp.local/good                 | 409 | E1804
            """)
    void isRefusedAndChangesNothing(String name, String input, int status, String code) {
        String before = client.get(Client.services("default")).body();

        HttpResponse<String> refused = client.post(Client.services("default"), body(input));

        assertProblem(refused, status, code);
        assertThat(client.get(Client.services("default")).body()).isEqualTo(before);
    }

    @Test
    void brokenLayerIsRefusedAtUpload() throws IOException {
        byte[] archive = Files.readAllBytes(Client.HELLO);
        byte[] broken = Arrays.copyOf(archive, archive.length);
        int middle = archive.length / 2;
        for (int at = middle; at < middle + 64; at++) {
            broken[at] ^= 0x55;
        }
        Path file = home.resolve("broken.tar");
        Files.write(file, broken);

        HttpResponse<String> refused = client.upload("broken", file);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(Client.json(refused).path("code").asText()).startsWith("E11");
    }

    @Test
    void uploadThatIsNoArchiveIsRefused() throws IOException {
        Path file = home.resolve("text.tar");
        Files.writeString(file, "this is not an archive", StandardCharsets.UTF_8);

        assertThat(client.upload("text", file).statusCode()).isEqualTo(422);
    }

    @Test
    void entrypointThatExitsFailsTheRevisionWithItsLastWords() {
        deploy("exits", "\"args\":[\"--exit\",\"7\"]");

        assertFailed("exits", "E1202");
        assertThat(client.get(Client.services("default") + "/exits").body()).contains("asked to exit with 7");
    }

    @Test
    void entrypointThatIsNotInTheImageFailsTheRevision() {
        deploy("missing", "\"command\":[\"/no/such/program\"]");

        assertFailed("missing", "E1201");
    }

    @Test
    void entrypointThatNeverListensFailsTheRevision() {
        String service = Client.service("deaf", "wisp.local/good", "\"wisp.dev/start-timeout\":\"1s\"")
                .replace("\"image\"", "\"args\":[\"--deaf\"],\"image\"");

        assertThat(client.post(Client.services("default"), service).statusCode())
                .isEqualTo(201);

        assertFailed("deaf", "E1203");
    }

    @Test
    void callToAServiceThatIsNotThereSaysSo() {
        assertProblem(client.invoke("nobody", "/"), 404, "E1401");
    }

    /** Two accounts at one gateway. */
    @Test
    void aFloodOfOneAccountTakesNoPlaceFromAnother() throws Exception {
        // One that serves one call at a time, so that all others wait for it; and one whose every call waits for a
        // start.
        deployFor(FLOOD, "slow", "\"autoscaling.knative.dev/max-scale\":\"1\",\"wisp.dev/keep-alive\":\"1m\"");
        deployFor(CALM, "cold", "\"wisp.dev/keep-alive\":\"0s\"");
        AtomicBoolean flooding = new AtomicBoolean(true);
        var refused = ConcurrentHashMap.<String>newKeySet();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < FLOODING; caller++) {
                callers.execute(() -> {
                    while (flooding.get()) {
                        HttpResponse<String> answer = client.invoke(FLOOD, "slow", "/sleep?ms=100", "GET");
                        if (answer.statusCode() != 200) {
                            refused.add(answer.statusCode() + " " + answer.body());
                        }
                    }
                });
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> !refused.isEmpty());

            List<Integer> statuses = new ArrayList<>();
            Callable<HttpResponse<String>> call = () -> client.invoke(CALM, "cold", "/", "GET");
            for (int round = 0; round < 10; round++) {
                for (Future<HttpResponse<String>> answer : callers.invokeAll(Collections.nCopies(4, call))) {
                    statuses.add(answer.get().statusCode());
                }
            }
            flooding.set(false);

            assertThat(statuses).hasSize(40).containsOnly(200);
        }
        assertThat(refused).allMatch(answer -> answer.startsWith("503"));
        assertThat(refused).anyMatch(answer -> answer.contains("account flood has as many requests held"));
    }

    private static void deployFor(String namespace, String name, String annotations) {
        HttpResponse<String> created = client.post(Client.services(namespace), """
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%s"},
                 "spec":{"template":{"metadata":{"annotations":{%s}},
                 "spec":{"containerConcurrency":1,"containers":[{"image":"wisp.local/good"}]}}}}""".formatted(name, annotations));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        client.awaitReady(namespace, name);
    }

    private static void deploy(String name, String container) {
        String service = Client.service(name, "wisp.local/good", "").replace("\"image\"", container + ",\"image\"");
        HttpResponse<String> created = client.post(Client.services("default"), service);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    }

    private static void assertFailed(String name, String code) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get(Client.services("default") + "/" + name)
                        .body()
                        .contains(code));
        assertThat(client.readyCondition(name)).isEqualTo("False");
        assertThat(client.invoke(name, "/").statusCode()).isEqualTo(503);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = Client.json(response);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    private static String body(String input) {
        if (!input.startsWith("NAME:")) {
            return input;
        }
        String[] words = input.split(" ");
        String annotations = "";
        if (words.length > 2) {
            String[] scale = words[2].substring("SCALE:".length()).split(",");
            annotations = "\"autoscaling.knative.dev/min-scale\":\"%s\",\"autoscaling.knative.dev/max-scale\":\"%s\""
                    .formatted(scale[0], scale[1]);
        }
        return Client.service(words[0].substring("NAME:".length()), words[1].substring("IMAGE:".length()), annotations);
    }
}
