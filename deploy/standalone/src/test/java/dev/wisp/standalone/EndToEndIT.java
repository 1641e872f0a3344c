package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job: an image goes in, a call comes out of a sandbox, the ledger has it, and both say the same price. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path home;

    private static PlatformProcess platform;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        platform = new PlatformProcess(home)
                .with("wisp.node.metering.time-period", "2s")
                .start();
        client = platform.client();
        // First of all: a cap holds from the next full minute on.
        cap("cap", "capped=yes", "0.001");
        cap("small", "capped=small", "0.0002");
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
        assertThat(record.path("cpuMillicores").asInt())
                .as("of a service that names no limit")
                .isEqualTo(1_000);
        assertThat(usage.toString()).contains(record.path("costPicos").asText());
    }

    @Test
    void theRecordOfAColdCallSaysWhereItsStartWent() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"0s\"");
        awaitNoInstance(name);
        HttpResponse<String> call = client.invoke(name, "/");
        String id = call.headers().firstValue("x-invocation-id").orElseThrow();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> client.get("/v1/billing/records/" + id).statusCode() == 200);
        JsonNode parts = Client.json(client.get("/v1/billing/records/" + id)).path("startParts");

        assertThat(call.headers().firstValue("x-cold-start")).hasValue("true");
        String timing = call.headers().firstValue("server-timing").orElseThrow();
        assertThat(parts.properties()).isNotEmpty().allSatisfy(part -> {
            long micros = part.getValue().asLong();
            assertThat(timing)
                    .contains("start-%s;dur=%d.%03d".formatted(part.getKey(), micros / 1_000, micros % 1_000));
        });
    }

    /** Its instance is ended by another call; nobody ends the second one. */
    @Test
    void aCallWhoseInstanceDiesIsAnsweredByAnotherAndBilledOnce() throws Exception {
        String name = deploy("\"wisp.dev/keep-alive\":\"1m\",\"autoscaling.knative.dev/max-scale\":\"1\"");
        client.invoke(name, "/");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> sleeper = callers.submit(() -> client.invoke(name, "/sleep?ms=3000"));
            await().until(() -> instances(name).getFirst().path("inFlight").asInt() == 1);

            HttpResponse<String> killer = client.invoke("default", name, "/exit?code=3", "POST");
            HttpResponse<String> answer = sleeper.get();

            assertThat(killer.statusCode()).as(killer.body()).isEqualTo(502);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("server-timing").orElse("")).contains("broken;dur=", ";desc=\"1\"");
            awaitCalls(name, 3);
            String id = answer.headers().firstValue("x-invocation-id").orElseThrow();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> client.get("/v1/billing/records/" + id).statusCode() == 200);
            JsonNode record = Client.json(client.get("/v1/billing/records/" + id));
            assertThat(answer.headers().firstValue("x-cost").orElseThrow())
                    .startsWith(record.path("cost").asText());
            assertThat(record.path("status").asInt()).isEqualTo(200);
            JsonNode tried = Client.json(client.get("/v1/attempts?call=" + id))
                    .path("items")
                    .path(0);
            // It may be offered to the one that ends once more before that is known.
            assertThat(tried.path("attempts").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(tried.at("/ended/0/ending").asText()).isEqualTo("BROKEN");
            assertThat(tried.at("/ended/0/instanceId").asText())
                    .isNotEqualTo(record.path("instanceId").asText());
        }
    }

    /** The kernel's counter of the sandbox is the judge: what is billed for its calls is what it used, whoever shares it, and who did says so. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void billsTheProcessorTimeThatTheControlGroupCounted(int atOnce) throws Exception {
        int calls = 48;
        String name = deploy("\"wisp.dev/keep-alive\":\"5m\",\"autoscaling.knative.dev/max-scale\":\"1\"");
        client.invoke(name, "/");
        awaitCalls(name, 1);
        Map<String, Long> countedBefore = KernelCounters.micros(home);
        long billedBefore = billed(name).path("cpuMicros").asLong();

        try (ExecutorService callers = Executors.newFixedThreadPool(atOnce)) {
            Callable<HttpResponse<String>> call = () -> client.invoke(name, "/burn?ms=50");
            for (Future<HttpResponse<String>> answer : callers.invokeAll(Collections.nCopies(calls, call))) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        }
        awaitCalls(name, calls + 1);

        assertThat(instances(name)).hasSize(1);
        long counted = KernelCounters.mostSince(countedBefore, home);
        long billed = billed(name).path("cpuMicros").asLong() - billedBefore;
        assertThat(counted).isGreaterThan(calls * 45_000L);
        assertThat((double) billed).isCloseTo((double) counted, withinPercentage(0.5));
        long shared = shared(name);
        if (atOnce == 1) {
            assertThat(shared).isZero();
        } else {
            // The first and the last may have been alone for a moment, each of the others met somebody.
            assertThat(shared).isBetween((long) calls - atOnce, (long) calls);
        }
    }

    /** Calls whose record says that their processor time is a share. */
    private static long shared(String service) {
        long shared = 0;
        for (JsonNode record : Client.json(client.get("/v1/billing/records?limit=1000&service=" + service))
                .path("records")) {
            shared += record.path("cpuApportioned").asBoolean() ? 1 : 0;
        }
        return shared;
    }

    /**
     * Real calls of fifty callers at once through gateway, node and ledger: each of at most 6 s, a tenth of a processor and 64 MiB, 0.0000155 USD,
     * so that the cap is worth 12 of the dearest and about 850 as these are.
     */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void fiftyCallersSpendNoMoreThanACap() throws Exception {
        String name = deployCapped("small", """
                "timeoutSeconds":5,"containers":[{"resources":{"limits":{"cpu":"100m","memory":"64Mi"}},""");
        Instant begins = begins("small");
        await().atMost(Duration.ofSeconds(90)).until(() -> Instant.now().isAfter(begins));

        List<Spender> spenders = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Spender>> ended = new ArrayList<>();
            for (int caller = 0; caller < 50; caller++) {
                ended.add(callers.submit(() -> new Spender(client, name).spend()));
            }
            for (Future<Spender> caller : ended) {
                spenders.add(caller.get());
            }
        }

        int answered = spenders.stream().mapToInt(Spender::answered).sum();
        awaitCalls(name, answered);
        long spent = billed(name).path("costPicos").asLong();
        assertThat(spenders).allSatisfy(spender -> assertThat(spender.strange()).isEmpty());
        assertThat(spent).isBetween(200_000_000L - 15_600_000, 200_000_000L);
        assertThat(spenders.stream().mapToLong(Spender::picos).sum()).isEqualTo(spent);
    }

    private static Instant begins(String budget) {
        for (JsonNode each : Client.json(client.get("/v1/billing/budgets"))) {
            if (each.path("name").asText().equals(budget)) {
                return Instant.parse(each.path("enforcedFrom").asText());
            }
        }
        throw new IllegalStateException("no budget " + budget);
    }

    /** A cap that no call fits under: it begins with the next full minute, refuses with its reason, and is lifted at once. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aCapRefusesACallThatMightGoOverIt() throws IOException {
        String name = deployCapped("yes", "\"containers\":[{");

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

    /** The ledger's records of instances against what the kernel counted for all sandboxes, as billing's own comparison says. */
    @Test
    void theLedgerExplainsTheProcessorTimeThatTheKernelCounted() throws IOException {
        String name = deploy("\"wisp.dev/keep-alive\":\"0s\"");
        for (int call = 0; call < 5; call++) {
            assertThat(client.invoke(name, "/burn?ms=1000").statusCode()).isEqualTo(200);
        }

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    JsonNode node = Client.json(client.get("/v1/billing/reconciliation"))
                            .path(0);
                    assertThat(node.path("instanceMicros").asLong()).isGreaterThan(5_000_000);
                    assertThat(node.path("callMicros").asLong()).isGreaterThan(5_000_000);
                    assertThat(node.path("gap").asDouble()).isBetween(-0.005, 0.005);
                    assertThat(node.path("callGap").asDouble()).isBetween(-0.005, 0.005);
                });
    }

    /** What the node measured with its monotonic clock, in the ledger, against the time of day at which the instance began and ended. It waits for ten seconds of it. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theRecordsOfAnInstanceAddUpToItsLife() throws Exception {
        String name = deploy("\"autoscaling.knative.dev/min-scale\":\"1\"");
        assertThat(client.invoke(name, "/burn?ms=500").statusCode()).isEqualTo(200);
        Instant began =
                Instant.parse(instances(name).getFirst().path("startedAt").asText());
        await().atMost(Duration.ofSeconds(60)).until(() -> life(name).sum() > 10_000_000);

        Instant ordered = Instant.now();
        assertThat(client.delete(Client.services("default") + "/" + name).statusCode())
                .isEqualTo(200);
        awaitNoInstance(name);
        await().atMost(Duration.ofSeconds(60)).until(() -> life(name).end().isAfter(ordered));
        Instant seen = Instant.now();

        Life life = life(name);
        assertThat(life.instances()).isEqualTo(1);
        assertThat(life.end()).isBefore(seen);
        assertThat((double) life.sum())
                .isCloseTo((double) ChronoUnit.MICROS.between(began, life.end()), withinPercentage(0.5));
        assertThat(life.busy()).isBetween(500_000L, 5_000_000L);
        assertThat(life.reserved()).isTrue();
    }

    /** What the ledger has of a service's instances, microseconds. */
    private record Life(long instances, long sum, long busy, Instant end, boolean reserved) {}

    private static Life life(String service) throws Exception {
        String port =
                Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).get(3);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
                PreparedStatement select = connection.prepareStatement("""
                        SELECT count(DISTINCT instance_id), coalesce(sum(start_us + busy_us + idle_us + frozen_us), 0),
                          coalesce(sum(busy_us), 0), coalesce(max(at), 'epoch'), coalesce(bool_and(reserved), false)
                        FROM billing.instance_time WHERE service = ?""")) {
            select.setString(1, service);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Life(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getBoolean(5));
            }
        }
    }

    /** Of the machine's processors one instance requests more than half, so that a second finds no room; who requests none does. */
    @Test
    void processorTimeThatIsRequestedIsSetAside() throws IOException {
        int millicores = Runtime.getRuntime().availableProcessors() * 600;
        String name = "hello-" + NAMES.incrementAndGet();
        assertThat(client.upload(name, Client.HELLO).statusCode()).isEqualTo(201);
        HttpResponse<String> created = client.post(
                Client.services("default"),
                Client.service(name, "wisp.local/" + name, "\"autoscaling.knative.dev/min-scale\":\"2\"")
                        .replace("\"containers\":[{", """
                                "containers":[{"resources":{"limits":{"cpu":"%1$dm"},"requests":{"cpu":"%1$dm"}},\
                                """.formatted(millicores)));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/v1/namespaces/default/services/" + name + "/decisions")
                        .body()
                        .contains("millicores free, %d requested".formatted(millicores)));
        assertThat(client.invoke(name, "/").statusCode()).isEqualTo(200);
        assertThat(instances(name)).hasSize(1);
        assertThat(client.invoke(deploy(""), "/").statusCode()).isEqualTo(200);
        client.delete(Client.services("default") + "/" + name);
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

    private static List<JsonNode> instances(String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode instance : Client.json(client.get("/v1/instances"))) {
            if (instance.at("/revision/name")
                    .asText(instance.path("revision").asText())
                    .contains(name + "-")) {
                found.add(instance);
            }
        }
        return found;
    }

    private static void cap(String budget, String labels, String amount) {
        HttpResponse<String> put = client.put(
                "/v1/billing/budgets/" + budget,
                "{\"labels\":\"%s\",\"amount\":\"%s\",\"action\":\"cap\"}".formatted(labels, amount));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    }

    /** With a label that a cap looks for. */
    private static String deployCapped(String label, String containers) throws IOException {
        String name = "hello-" + NAMES.incrementAndGet();
        assertThat(client.upload(name, Client.HELLO).statusCode()).isEqualTo(201);
        HttpResponse<String> created = client.post(
                Client.services("default"),
                Client.service(name, "wisp.local/" + name, "\"wisp.dev/keep-alive\":\"1m\"")
                        .replace("\"annotations\":", "\"labels\":{\"capped\":\"%s\"},\"annotations\":".formatted(label))
                        .replace("\"containers\":[{", containers));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        client.awaitReady(name);
        return name;
    }

    private static String deploy(String annotations) throws IOException {
        String name = "hello-" + NAMES.incrementAndGet();
        client.deployHello(name, annotations);
        return name;
    }
}
