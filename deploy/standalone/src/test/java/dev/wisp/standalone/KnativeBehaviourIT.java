package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Knative's end-to-end tests of autoscaling ask for, each under the name it has there, of a whole platform: its own Kafka, Postgres, autoscaler and gateway, sandboxes on two nodes, and
 * calls over HTTP. The same in virtual time, with longer loads, is {@code KnativeBehaviourSimTest}.
 *
 * <p>Instances take ten calls at once and are planned for seven of them; windows are of six seconds, the shortest there are. The second node is for the test that takes one away.
 */
@SuppressWarnings("NullAway.Init") // Everything is set before the first test.
class KnativeBehaviourIT {

    /** Long beside what a busy host adds, so that callers make as many calls as they are meant to. */
    private static final String STEADY = "/sleep?ms=500";

    private static final String SPARE = "spare";
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PlatformProcess platform;
    private static PlatformProcess spare;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        // JUnit makes its folders private; sandboxes must be able to pass through.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        String kafka = "127.0.0.1:" + PlatformProcess.freePort();
        platform = new PlatformProcess(folder.resolve("platform"))
                .with("wisp.kafka.listen", kafka)
                .with("wisp.node.id", "main")
                .with("wisp.node.instance.labels.zone", "main");
        spare = new PlatformProcess(folder.resolve(SPARE))
                .with("wisp.services", "node-runtime")
                .with("wisp.kafka.bootstrap-servers", kafka)
                .with("wisp.controller.registry.address", platform.setting("wisp.controller.registry.address"))
                .with("wisp.node.id", SPARE)
                .with("wisp.node.listen", "127.0.0.1:" + PlatformProcess.freePort())
                .with("wisp.node.instance.labels.zone", SPARE)
                .with("wisp.node.instance.taints", SPARE + ":NoSchedule")
                .with("wisp.node.sandbox.uid-base", Long.toString(0xA000_0000L));
        // At the same time: a node waits for the broker.
        platform.launch();
        spare.launch();
        platform.awaitReady();
        spare.awaitReady();
        client = platform.client();
        assertThat(client.upload("hello", Client.HELLO).statusCode()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        if (spare != null) {
            spare.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    /** TestAutoscaleUpDownUp. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void autoscaleUpDownUp() {
        String name = deploy("");
        try (Callers callers = new Callers(client, name, STEADY)) {
            for (int round = 0; round < 2; round++) {
                callers.number(20);
                awaitNumber(name, 3);

                callers.number(0);
                awaitNumber(name, 0);
                assertThat(client.readyCondition(name)).isEqualTo("True");
            }
            assertAllServed(callers);
        }
    }

    /** TestAutoscaleUpCountPods, with both averages: never fewer while the load grows, and as many as the load asks for. */
    @ParameterizedTest
    @ValueSource(strings = {"linear", "weighted-exponential"})
    @Execution(ExecutionMode.CONCURRENT)
    void autoscaleUpCountPods(String averaging) {
        String name = deploy(annotation("autoscaling.knative.dev/metric-aggregation-algorithm", averaging));
        try (Callers callers = new Callers(client, name, STEADY)) {
            grow(callers, name, 10, 2);
            grow(callers, name, 20, 3);
            grow(callers, name, 27, 4);
            assertAllServed(callers);
        }
    }

    /** TestRPSBasedAutoscaleUpCountPods: calls of 500 ms, two a second of every caller, seven a second for every instance. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void rpsBasedAutoscaleUpCountPods() {
        String name = deploy(annotation("autoscaling.knative.dev/metric", "rps") + ","
                + annotation("autoscaling.knative.dev/target", "10"));
        try (Callers callers = new Callers(client, name, STEADY)) {
            grow(callers, name, 5, 2);
            grow(callers, name, 10, 3);
            grow(callers, name, 13, 4);
            assertAllServed(callers);
        }
    }

    /** TestAutoscaleSustaining: for more than two windows, so that any panic has begun and ended. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void autoscaleSustaining() {
        String name = deploy("");
        try (Callers callers = new Callers(client, name, STEADY)) {
            callers.number(33);
            awaitNumber(name, 5);

            patiently("held for 14 s")
                    .during(Duration.ofSeconds(14))
                    .until(() -> desired(name) == 5 && live(name) >= 4 && live(name) <= 6);
            assertAllServed(callers);
        }
    }

    /** TestTargetBurstCapacity: seven calls leave no room for seven more in one instance, twelve do in two. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void targetBurstCapacity() {
        String name = deploy(annotation("autoscaling.knative.dev/target-burst-capacity", "7"));
        try (Callers callers = new Callers(client, name, STEADY)) {
            callers.number(7);
            awaitNumber(name, 1);
            patiently("no room for a burst").until(() -> excessBurstCapacity(name) < 0);

            callers.number(12);
            awaitNumber(name, 2);
            patiently("room for a burst").until(() -> excessBurstCapacity(name) > 0);
            assertAllServed(callers);
        }
    }

    /** TestTargetBurstCapacityZero: no room for a burst is asked for, and one is answered all the same. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void targetBurstCapacityZero() {
        burst("0", 0);
    }

    /** TestTargetBurstCapacityMinusOne: room for a burst without bounds is asked for, which there never is. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void targetBurstCapacityMinusOne() {
        burst("-1", -1);
    }

    private static void burst(String capacity, long excess) {
        String name = deploy(annotation("autoscaling.knative.dev/target-burst-capacity", capacity));
        try (Callers callers = new Callers(client, name, STEADY)) {
            callers.number(5);
            awaitNumber(name, 1);
            assertThat(excessBurstCapacity(name)).isEqualTo(excess);

            callers.number(40);
            patiently("a burst is in the plan").until(() -> desired(name) >= 5);
            assertThat(excessBurstCapacity(name)).isEqualTo(excess);
            assertAllServed(callers);
        }
    }

    /** TestFastScaleToZero: with a keep-alive of Wisp's. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void fastScaleToZero() {
        String name = deploy("");
        assertThat(client.invoke(name, STEADY).statusCode()).isEqualTo(200);

        patiently("gone").atMost(Duration.ofSeconds(5)).until(() -> live(name) == 0);
    }

    /** TestFastScaleToZero: by Knative's own rule as soon as the window has passed when bursts go through a buffer anyway; else not before its grace period of 30 s. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void fastScaleToZeroUnderKnativesPolicy() {
        String policy = annotation("wisp.dev/keep-alive-policy", "knative") + ",";
        String fast = deploy(policy + annotation("autoscaling.knative.dev/target-burst-capacity", "-1"));
        String slow = deploy(policy + annotation("autoscaling.knative.dev/target-burst-capacity", "0"));
        assertThat(client.invoke(fast, STEADY).statusCode()).isEqualTo(200);
        assertThat(client.invoke(slow, STEADY).statusCode()).isEqualTo(200);

        awaitNumber(fast, 0);
        assertThat(live(slow)).isEqualTo(1);
    }

    /** TestActivationScale. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void activationScale() {
        String name = deploy(annotation("autoscaling.knative.dev/activation-scale", "5"));
        awaitNumber(name, 0);
        try (Callers callers = new Callers(client, name, STEADY)) {
            callers.number(1);
            awaitNumber(name, 5);

            callers.number(0);
            awaitNumber(name, 0);
            assertAllServed(callers);
        }
    }

    /** TestActivatorOverload: more calls at once than there may be instances, of a service that takes one at a time, from zero. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void activatorOverload() throws Exception {
        String name = deploy(annotation("autoscaling.knative.dev/max-scale", "50"), 1, "");
        awaitNumber(name, 0);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HttpResponse<String>> call = () -> client.invoke(name, "/sleep?ms=500");
            for (Future<HttpResponse<String>> answer : callers.invokeAll(Collections.nCopies(180, call))) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
            }
        }
    }

    /** TestDestroyPodInflight: an instance of a service that is deleted ends when its call is answered, and not before. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void destroyPodInflight() throws Exception {
        String name = deploy("");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Long enough for a busy host to hear of the end meanwhile: the tests beside this one last longer.
            Future<HttpResponse<String>> call = callers.submit(() -> client.invoke(name, "/sleep?ms=15000"));
            patiently("in flight").until(() -> inFlight(client, name) == 1);

            delete(name);
            patiently("told to end")
                    .until(() -> client.invoke(name, "/").statusCode() == 404
                            && states(name).equals(List.of("DRAINING")));
            assertThat(call.isDone()).isFalse();

            assertThat(call.get().statusCode()).as(call.get().body()).isEqualTo(200);
            patiently("gone").until(() -> live(name) == 0);
        }
    }

    /** TestDestroyPodTimely: instances without a call end at once, however long a call might take. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void destroyPodTimely() {
        String name = deploy(annotation("autoscaling.knative.dev/min-scale", "3"));
        awaitNumber(name, 3);

        delete(name);

        patiently("gone").atMost(Duration.ofSeconds(5)).until(() -> live(name) == 0);
    }

    /** TestDestroyPodWithRequests: a node is emptied under load, and no call notices. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void destroyPodWithRequests() {
        String name = deploy(annotation("autoscaling.knative.dev/min-scale", "4"), 10, """
                ,"tolerations":[{"key":"%s","operator":"Exists"}],
                "topologySpreadConstraints":[{"topologyKey":"zone","maxSkew":1,"whenUnsatisfiable":"ScheduleAnyway"}]""".formatted(SPARE));
        patiently("on both nodes").until(() -> live(name) == 2 && onSpare() == 2);
        try (Callers callers = new Callers(client, name, "/sleep?ms=500")) {
            callers.number(35);
            patiently("calls on both nodes")
                    .until(() -> inFlight(client, name) > 0 && inFlight(spare.client(), name) > 0);

            HttpResponse<String> ordered = client.put("/v1/nodes/" + SPARE + "/order", "{\"wish\":\"DRAIN\"}");
            assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(200);
            patiently("the other has all").until(() -> onSpare() == 0 && live(name) >= 4);

            assertAllServed(callers);
        }
    }

    private static void grow(Callers callers, String name, int number, int instances) {
        int before = live(name);
        callers.number(number);
        patiently("%d instances of %s for %d callers, is %s".formatted(instances, name, number, decision(name)))
                .until(() -> {
                    assertThat(live(name)).isGreaterThanOrEqualTo(Math.min(before, instances) - 1);
                    return desired(name) == instances && live(name) == instances;
                });
    }

    private static void awaitNumber(String name, int instances) {
        patiently("%d instances of %s".formatted(instances, name))
                .until(() -> desired(name) == instances && live(name) == instances);
    }

    private static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    private static void assertAllServed(Callers callers) {
        callers.close();
        assertThat(callers.endings().keySet()).isEqualTo(Set.of("200"));
    }

    /** The last of the autoscaler. */
    private static JsonNode decision(String name) {
        return Client.json(client.get("/v1/namespaces/default/services/%s/decisions?limit=1".formatted(name)))
                .path("items")
                .path(0);
    }

    private static int desired(String name) {
        return decision(name).path("desired").asInt(-1);
    }

    private static long excessBurstCapacity(String name) {
        return decision(name).path("inputs").path("excessBurstCapacity").asLong(Long.MIN_VALUE);
    }

    /** Instances on the main node, whatever their state. */
    private static int live(String name) {
        return instances(name).size();
    }

    /** Of the instances on the node that is asked. */
    private static int inFlight(Client node, String name) {
        return instances(node, name).stream()
                .mapToInt(instance -> instance.path("inFlight").asInt())
                .sum();
    }

    private static List<String> states(String name) {
        return instances(name).stream()
                .map(instance -> instance.path("state").asText())
                .toList();
    }

    private static List<JsonNode> instances(String name) {
        return instances(client, name);
    }

    private static List<JsonNode> instances(Client node, String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode instance : Client.json(node.get("/v1/instances"))) {
            if (instance.path("revision").asText().equals("default/" + name + "-00001")) {
                found.add(instance);
            }
        }
        return found;
    }

    private static int onSpare() {
        return Client.json(spare.client().get("/v1/instances")).size();
    }

    private static String annotation(String key, String value) {
        return "\"%s\":\"%s\"".formatted(key, value);
    }

    private static String deploy(String annotations) {
        return deploy(annotations, 10, "");
    }

    /** Ready when it returns; of a window of six seconds, and so small that there is room for the instances of all tests at once. */
    private static String deploy(String annotations, int concurrency, String where) {
        String name = "knative-" + NAMES.incrementAndGet();
        String window = annotation("autoscaling.knative.dev/window", "6s");
        HttpResponse<String> created = client.post(Client.services("default"), """
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%s"},
                 "spec":{"template":{"metadata":{"annotations":{%s}},
                 "spec":{"containerConcurrency":%d,"containers":[{"image":"wisp.local/hello",\
                 "resources":{"limits":{"memory":"32Mi"}}}]%s}}}}""".formatted(
                        name, annotations.isEmpty() ? window : window + "," + annotations, concurrency, where));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        client.awaitReady(name);
        return name;
    }

    private static void delete(String name) {
        HttpResponse<String> deleted = client.delete(Client.services("default") + "/" + name);
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
    }
}
