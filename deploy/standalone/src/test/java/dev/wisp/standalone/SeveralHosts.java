package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.node.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link SeveralHostsIT} runs in the network namespace of the switch, from where every host can be called: a control plane on one host, a gateway with a node on each of two others.
 *
 * <p>Prints each step when it holds; the exit code is not 0 when one does not.
 */
final class SeveralHosts {

    private static final int CONTROL = 1;
    private static final int A = 2;
    private static final int B = 3;
    private static final String KAFKA = PrivateHosts.address(CONTROL) + ":9092";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int INSTANCES = 4;
    private static final int KILLS_AGAIN_MAX = 2;
    private static final Pattern LOSS =
            Pattern.compile("node b is lost: silent for \\d+ ms, and 1 of 1 gateways cannot reach it");

    private final PrivateHosts hosts;
    private final PlatformProcess control;
    private final PlatformProcess a;
    private final PlatformProcess b;

    private SeveralHosts(PrivateHosts hosts, Path folder) {
        this.hosts = hosts;
        this.control = process(folder, "control", CONTROL)
                .with("wisp.services", "function-controller,autoscaler,billing")
                .with("wisp.kafka.listen", KAFKA);
        this.a = node(folder, "a", A);
        this.b = node(folder, "b", B);
    }

    private PlatformProcess process(Path folder, String name, int host) {
        return PlatformProcess.on(folder.resolve(name), hosts.on(host), PrivateHosts.address(host));
    }

    private PlatformProcess node(Path folder, String name, int host) {
        return process(folder, name, host)
                .with("wisp.services", "gateway,node-runtime")
                .with("wisp.kafka.bootstrap-servers", KAFKA)
                .with("wisp.controller.registry.address", control.setting("wisp.controller.registry.address"))
                .with("wisp.gateway.id", name)
                .with("wisp.node.id", name)
                .with("wisp.node.listen", PrivateHosts.address(host) + ":9090")
                .with("wisp.node.instance.labels.zone", name)
                .with("wisp.node.sandbox.uid-base", Long.toString(0x5000_0000L + 0x0800_0000L * host));
    }

    /** The folder for homes is the only argument. */
    public static void main(String[] arguments) throws Exception {
        try (PrivateHosts hosts = new PrivateHosts(B)) {
            SeveralHosts scenario = new SeveralHosts(hosts, Path.of(arguments[0]));
            try {
                scenario.run();
            } catch (Exception | AssertionError e) {
                System.out.println(scenario.control.log() + scenario.a.log() + scenario.b.log());
                throw e;
            } finally {
                scenario.a.close();
                scenario.b.close();
                scenario.control.close();
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        // At the same time: gateways and nodes wait for the broker.
        for (PlatformProcess each : List.of(control, a, b)) {
            each.launch();
        }
        for (PlatformProcess each : List.of(control, a, b)) {
            each.awaitReady();
        }
        await().atMost(PATIENCE)
                .until(() -> state("a").equals("READY") && state("b").equals("READY"));
        deploy();
        await().atMost(PATIENCE).until(() -> instances("a") == INSTANCES / 2 && instances("b") == INSTANCES / 2 + 1);
        said("instances are spread over both nodes");

        everyGatewayReachesEveryInstance();
        said("each gateway reaches instances of both nodes");

        Loss loss = killB("hello", INSTANCES);
        said("one node killed: no call failed; it was given up after %d ms, and its share was on the other after %d ms"
                .formatted(loss.givenUp().toMillis(), loss.placed().toMillis()));
        restartB();
        said("the killed one is back");

        // The autoscaler may have stood still for a second on a busy host, and found out as it would have without any
        // calls.
        for (int again = 0; again < KILLS_AGAIN_MAX && !loss.isEarly(); again++) {
            System.out.println("again, as it was not given up early: " + loss);
            loss = killBUnderAnother("again" + again);
        }
        assertThat(loss).as("given up sooner than by the heartbeats it missed").matches(Loss::isEarly);
        said("given up before its heartbeats said so, because %s: after %d ms"
                .formatted(loss.reason(), loss.givenUp().toMillis()));

        duringCalls(a, () -> {
            hosts.connect(B, false);
            await().atMost(PATIENCE).until(() -> state("b").equals("LOST"));
            assertThat(callFrom(B))
                    .as("what the one that is cut off serves to its own")
                    .isEqualTo("200");
        });
        said("one node cut off: no call to the other failed, and it serves who is with it");

        hosts.connect(B, true);
        await().atMost(PATIENCE).until(() -> state("b").equals("READY"));
        await().atMost(PATIENCE).until(() -> callsOf(b) == 200);
        said("the one that was cut off is back");

        duringCalls(a, () -> {
            HttpResponse<String> ordered =
                    control.client().put("/v1/nodes/b/order", "{\"wish\":\"DRAIN\",\"reason\":\"maintenance\"}");
            assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> state("b").equals("DRAINED") && instances("a") == INSTANCES);
        });
        said("one node drained: no call failed");
    }

    /**
     * How a node that was killed was given up.
     *
     * @param givenUp since it was killed
     * @param placed when as many instances as before ran without it, since it was killed
     * @param reason of the first plan without it, as far as it is about nodes
     */
    private record Loss(Duration givenUp, Duration placed, String reason) {

        /** Its last heartbeat was before it was killed. */
        boolean isEarly() {
            return !reason.isEmpty() && givenUp.compareTo(NodeStatus.HEARTBEAT.multipliedBy(3)) < 0;
        }
    }

    /** What ran on the node that was killed stays on the other, so that something else must be spread over both. */
    private Loss killBUnderAnother(String name) throws Exception {
        deploySpread(name);
        await().atMost(PATIENCE).until(() -> instances("b") == INSTANCES / 2 + 1);
        Loss loss = killB(name, 2 * INSTANCES);
        control.client().delete(Client.services("default") + "/" + name);
        restartB();
        await().atMost(PATIENCE).until(() -> instances("a") == INSTANCES);
        return loss;
    }

    /** @param left how many instances run on the other node then */
    private Loss killB(String name, int left) {
        Instant before = Instant.now();
        Duration[] after = new Duration[2];
        duringCalls(a, name, () -> {
            long killedAt = System.nanoTime();
            b.kill();
            after[0] = until(killedAt, () -> state("b").equals("LOST"));
            after[1] = until(killedAt, () -> instances("a") == left);
        });
        return new Loss(after[0], after[1], lossSince(name, before));
    }

    private void restartB() throws Exception {
        b.start();
        await().atMost(PATIENCE).until(() -> state("b").equals("READY"));
        await().atMost(PATIENCE).until(() -> callsOf(b) == 200 && instances("b") > 0);
    }

    /** Why gateways made it lost, as a decision since then says; empty when none does. */
    private String lossSince(String name, Instant begin) {
        for (JsonNode decision : Client.json(
                        control.client().get("/v1/namespaces/default/services/%s/decisions?limit=50".formatted(name)))
                .path("items")) {
            Matcher loss = LOSS.matcher(decision.path("reason").asText());
            if (!Instant.parse(decision.path("until").asText()).isBefore(begin) && loss.find()) {
                return loss.group();
            }
        }
        return "";
    }

    private static Duration until(long sinceNanos, BooleanSupplier condition) {
        await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition::getAsBoolean);
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }

    private static void said(String step) {
        System.out.println("holds: " + step);
    }

    /** One with instances on both nodes, and one that only node b may have. */
    private void deploy() throws IOException {
        assertThat(control.client().upload("hello", Client.HELLO).statusCode()).isEqualTo(201);
        deploySpread("hello");
        deploy("local", 1, "\"nodeSelector\":{\"zone\":\"b\"}");
    }

    private void deploySpread(String name) {
        deploy(
                name,
                INSTANCES,
                "\"topologySpreadConstraints\":[{\"topologyKey\":\"zone\",\"maxSkew\":1,\"whenUnsatisfiable\":\"ScheduleAnyway\"}]");
    }

    private void deploy(String name, int instances, String where) {
        HttpResponse<String> created =
                control.client().post(Client.services("default"), """
                {"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"%1$s"},
                 "spec":{"template":{"metadata":{"annotations":{"autoscaling.knative.dev/min-scale":"%2$d",
                 "autoscaling.knative.dev/max-scale":"%2$d"}},
                 "spec":{"containerConcurrency":1,"containers":[{"image":"wisp.local/hello"}],%3$s}}}}""".formatted(name, instances, where));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        control.client().awaitReady(name);
    }

    /** As many calls at once as there are instances, which take one each. */
    private void everyGatewayReachesEveryInstance() throws Exception {
        for (PlatformProcess gateway : List.of(a, b)) {
            await().atMost(PATIENCE).until(() -> callsOf(gateway) == 200);
            List<HttpResponse<String>> answers = atOnce(gateway, "/sleep?ms=1000");
            assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
            List<String> ids = answers.stream()
                    .map(answer ->
                            answer.headers().firstValue("x-invocation-id").orElseThrow())
                    .toList();
            await().atMost(PATIENCE).until(() -> nodesOf(ids).equals(Set.of("a", "b")));
        }
    }

    /** Where calls were answered, as the ledger has it. */
    private Set<String> nodesOf(List<String> ids) {
        Set<String> nodes = new TreeSet<>();
        for (JsonNode record : Client.json(control.client().get("/v1/billing/records?limit=500"))
                .path("records")) {
            if (ids.contains(record.path("invocationId").asText())) {
                nodes.add(record.path("nodeId").asText());
            }
        }
        return nodes;
    }

    private static List<HttpResponse<String>> atOnce(PlatformProcess gateway, String path) throws Exception {
        Client client = gateway.client();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int call = 0; call < INSTANCES; call++) {
                calls.add(callers.submit(() -> client.invoke("hello", path)));
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
            return answers;
        }
    }

    private static int callsOf(PlatformProcess gateway) {
        return gateway.client().invoke("hello", "/").statusCode();
    }

    /**
     * Calls through a gateway without a pause from before something happens until after it; all must be answered. As many at once as there are instances, which
     * take one each: the first that is free is taken, so that fewer would be for some of them only.
     */
    private void duringCalls(PlatformProcess gateway, Runnable event) {
        duringCalls(gateway, "hello", event);
    }

    private void duringCalls(PlatformProcess gateway, String name, Runnable event) {
        AtomicBoolean going = new AtomicBoolean(true);
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < INSTANCES; caller++) {
                calls.add(callers.submit(() -> {
                    Client client = gateway.client();
                    while (going.get()) {
                        HttpResponse<String> answer = client.invoke(name, "/sleep?ms=5");
                        answers.add(answer.statusCode() == 200 ? "200" : answer.statusCode() + " " + answer.body());
                    }
                }));
            }
            try {
                event.run();
            } finally {
                going.set(false);
            }
            await().atMost(PATIENCE).until(() -> calls.stream().allMatch(Future::isDone));
        }
        assertThat(answers).hasSizeGreaterThan(20).containsOnly("200");
    }

    /** What a caller on that host gets from its own gateway of the service that is there only: a status. */
    private String callFrom(int host) {
        List<String> command = new ArrayList<>(hosts.on(host));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djdk.httpclient.allowRestrictedHeaders=host",
                OneCall.class.getName(),
                "http://" + PrivateHosts.address(host) + ":8080/",
                "local.default.localhost"));
        try {
            Process call = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode node(String name) {
        for (JsonNode node : Client.json(control.client().get("/v1/nodes")).path("items")) {
            if (node.path("nodeId").asText().equals(name)) {
                return node;
            }
        }
        return Client.json(control.client().get("/v1/nodes")).path("none");
    }

    private String state(String name) {
        return node(name).path("state").asText();
    }

    private int instances(String name) {
        return node(name).path("instances").asInt();
    }
}
