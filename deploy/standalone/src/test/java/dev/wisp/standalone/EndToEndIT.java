package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job: an image goes in, a call comes out of a sandbox, the ledger has it, and both say the same price. */
class EndToEndIT {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        platform = new PlatformProcess(home).start();
        client = platform.client();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void firstCallStartsASandboxAndTheSecondFindsIt() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");

        HttpResponse<String> first = client.invoke(name, "/");
        HttpResponse<String> second = client.invoke(name, "/");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-invocation-id")).isPresent();
        assertThat(second.headers().firstValue("x-cold-start")).contains("false");
        assertThat(second.headers().firstValue("server-timing").orElse("")).contains("queue;dur=", "app;dur=");
        assertThat(second.headers().firstValue("x-revision")).contains(name + "-00001");
    }

    @Test
    void keepAliveOfZeroLeavesNoInstanceBehindACall() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"0s\"");

        for (int call = 0; call < 5; call++) {
            awaitNoInstance(name);
            HttpResponse<String> response = client.invoke(name, "/");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-cold-start")).contains("true");
            assertThat(response.headers().firstValue("server-timing").orElse(""))
                    .contains("start;dur=");
        }
    }

    @Test
    void anIdleInstanceIsGoneAfterItsKeepAlive() throws IOException {
        String name = deploy("");

        assertThat(client.invoke(name, "/").statusCode()).isEqualTo(200);

        awaitNoInstance(name);
    }

    @Test
    void bodiesStreamBothWays() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        String body = "wisp".repeat(300_000);

        HttpResponse<String> echoed = client.invoke(name, "/echo", body);

        assertThat(echoed.statusCode()).isEqualTo(200);
        assertThat(echoed.body()).isEqualTo(body);
    }

    @Test
    void ledgerHasEveryCallOnceAtThePriceTheCallerSaw() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        HttpResponse<String> call = client.invoke(name, "/burn?ms=20");
        String id = call.headers().firstValue("x-invocation-id").orElseThrow();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> client.get("/v1/billing/records/" + id).statusCode() == 200);
        JsonNode record = Client.json(client.get("/v1/billing/records/" + id));
        JsonNode usage = Client.json(client.get("/v1/usage?namespace=default&service=" + name));

        String cost = call.headers().firstValue("x-cost").orElseThrow();
        assertThat(cost).startsWith(record.path("cost").asText());
        assertThat(record.path("cpuMicros").asLong()).isBetween(15_000L, 200_000L);
        assertThat(usage.toString()).contains(record.path("costPicos").asText());
    }

    /** The kernel's counter of the instance is the judge: what is billed for its calls is what it used, whoever shares it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void billsTheProcessorTimeThatTheControlGroupCounted(int atOnce) throws Exception {
        int calls = 48;
        String name = deploy("\"wisp.dev/keep-alive\":\"5m\",\"autoscaling.knative.dev/max-scale\":\"1\"");
        client.invoke(name, "/");
        awaitCalls(name, 1);
        long countedBefore = counted(name);
        long billedBefore = billed(name).path("cpuMicros").asLong();

        try (ExecutorService callers = Executors.newFixedThreadPool(atOnce)) {
            Callable<HttpResponse<String>> call = () -> client.invoke(name, "/burn?ms=50");
            for (Future<HttpResponse<String>> answer : callers.invokeAll(Collections.nCopies(calls, call))) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        }
        awaitCalls(name, calls + 1);

        long counted = counted(name) - countedBefore;
        long billed = billed(name).path("cpuMicros").asLong() - billedBefore;
        assertThat(counted).isGreaterThan(calls * 45_000L);
        assertThat((double) billed).isCloseTo((double) counted, withinPercentage(0.5));
    }

    /** A cap that no call fits under: it begins with the next full minute, refuses with its reason, and is lifted at once. */
    @Test
    void aCapRefusesACallThatMightGoOverIt() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        assertThat(client.invoke(name, "/").statusCode()).isEqualTo(200);
        HttpResponse<String> set = client.put(
                "/v1/billing/budgets/cap", "{\"namespace\":\"default\",\"amount\":\"0.001\",\"action\":\"cap\"}");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> client.invoke(name, "/").statusCode() == 402);
        JsonNode problem = Client.json(client.invoke(name, "/"));
        client.delete("/v1/billing/budgets/cap");

        assertThat(problem.path("code").asText()).isEqualTo("E1503");
        assertThat(problem.path("detail").asText())
                .contains("budget cap of 0.001 USD a month", "this call may cost up to", "it resets at");
        await().until(() -> client.invoke(name, "/").statusCode() == 200);
    }

    @Test
    void whatTheContainerPrintsCanBeRead() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\"");
        client.invoke(name, "/");

        await().atMost(Duration.ofSeconds(5))
                .until(() -> client.get("/v1/namespaces/default/services/" + name + "/logs?tail=20")
                        .body()
                        .contains(name + "-00001"));
    }

    @Test
    void aNewRevisionTakesOverAndADeletedServiceIsGone() throws IOException {
        String name = deploy("");
        JsonNode service = Client.json(client.get(Client.services("default") + "/" + name));
        String version = service.path("metadata").path("resourceVersion").asText();
        String changed = Client.service(name, "wisp.local/" + name, "\"wisp.dev/keep-alive\":\"2s\"")
                .replace("\"metadata\":{\"name\"", "\"metadata\":{\"resourceVersion\":\"" + version + "\",\"name\"");

        assertThat(client.put(Client.services("default") + "/" + name, changed).statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.invoke(name, "/")
                        .headers()
                        .firstValue("x-revision")
                        .orElse("")
                        .equals(name + "-00002"));

        assertThat(client.delete(Client.services("default") + "/" + name).statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.invoke(name, "/").statusCode() == 404);
    }

    private static void awaitNoInstance(String name) {
        await("no instance of " + name)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !client.get("/v1/instances").body().contains(name + "-00001"));
    }

    private static void awaitCalls(String name, int calls) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> billed(name).path("invocations").asInt() == calls);
    }

    private static JsonNode billed(String name) {
        return Client.json(client.get("/v1/usage?window=DAY&service=" + name)).path("total");
    }

    /** Of the service's one instance. */
    private static long counted(String name) {
        List<Long> counters = new ArrayList<>();
        for (JsonNode instance : Client.json(client.get("/v1/instances"))) {
            if (instance.at("/revision/name")
                    .asText(instance.path("revision").asText())
                    .contains(name + "-")) {
                counters.add(instance.path("cpuMicros").asLong());
            }
        }
        assertThat(counters).hasSize(1);
        return counters.getFirst();
    }

    private static String deploy(String annotations) throws IOException {
        String name = "hello-" + NAMES.incrementAndGet();
        client.deployHello(name, annotations);
        return name;
    }
}
