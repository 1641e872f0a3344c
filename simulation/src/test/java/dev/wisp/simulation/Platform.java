package dev.wisp.simulation;

import dev.wisp.autoscaler.signal.SimulatedAutoscaler;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.node.instance.SimulatedNode;
import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.SimulatedKafka;
import dev.wisp.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A platform of two gateways, two autoscalers and three nodes, with whatever its seed says happens to them. */
final class Platform {

    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private static final int GATEWAYS = 2;
    private static final int AUTOSCALERS = 2;
    private static final int NODES = 3;
    private static final double FAILING_STARTS = 0.01;

    /** Of a node. */
    private static final int SANDBOXES = 40;

    private static final int SANDBOXES_CROWDED = 6;

    final VirtualTime time;
    final SimulatedKafka kafka;
    final List<RevisionSpec> revisions;
    final List<SimulatedGateway> gateways = new ArrayList<>();
    final List<SimulatedAutoscaler> autoscalers = new ArrayList<>();
    final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    final List<String> violations = new ArrayList<>();
    final Map<String, Integer> outcomes = new HashMap<>();
    int asked;
    int answered;
    /** When a node last was cut off or came, by its name. */
    private final Map<String, Long> outOfTouchNanos = new HashMap<>();

    private final Map<String, SimulatedNode.Disk> disks = new HashMap<>();
    private final Set<String> ordered = new HashSet<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private final int sandboxesMax;
    private final SimulatedBus controller;
    private boolean faulty;
    private long lastMoves = -1;

    Platform(long seed) {
        this(new VirtualTime(START, seed), seed);
    }

    private Platform(VirtualTime time, long seed) {
        this(
                time,
                true,
                Workloads.revisions(
                        time.chance("workloads").random(),
                        cpuRequestMillicores(seed),
                        isCrowded(seed) ? Workloads::keptFrozen : UnaryOperator.identity()),
                isCrowded(seed) ? SANDBOXES_CROWDED : SANDBOXES);
    }

    /** One in which nothing fails. */
    static Platform calm(RevisionSpec... revisions) {
        return new Platform(new VirtualTime(START, 1), false, List.of(revisions), SANDBOXES);
    }

    private Platform(VirtualTime time, boolean faulty, List<RevisionSpec> revisions, int sandboxesMax) {
        this.time = time;
        this.faulty = faulty;
        this.sandboxesMax = sandboxesMax;
        this.kafka = new SimulatedKafka(time);
        if (!faulty) {
            kafka.heal();
        }
        this.revisions = revisions;
        this.controller = connect("controller");
        for (RevisionSpec spec : revisions) {
            publish(controller, Topics.REVISIONS, spec.id().toString(), spec);
            Route route = Workloads.route(spec);
            publish(controller, Topics.ROUTES, route.host(), route);
        }
        for (int i = 0; i < NODES; i++) {
            startNode("n" + i);
        }
        for (int i = 0; i < AUTOSCALERS; i++) {
            autoscalers.add(new SimulatedAutoscaler(connect("a" + i), time));
        }
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(gateway(i));
        }
    }

    /** Nothing fails by itself any more, and every connection works. */
    void heal() {
        faulty = false;
        kafka.heal();
    }

    /** A request through that gateway, which must be answered once, or die with the gateway. */
    void request(int gateway, RevisionSpec spec, Duration takes) {
        request(gateway, spec, takes, () -> {});
    }

    /** The same, and {@code done} once it is answered. */
    void request(int gateway, RevisionSpec spec, Duration takes, Runnable done) {
        SimulatedGateway through = gateways.get(gateway);
        boolean[] over = new boolean[1];
        asked++;
        through.request(spec.id(), takes, (status, problem) -> {
            if (over[0]) {
                violations.add("a request was answered twice, the second time %d %s".formatted(status, problem));
            }
            over[0] = true;
            answered++;
            outcomes.merge(problem == null ? "status " + status : problem.code(), 1, Integer::sum);
            if (problem != null && (problem.detail() == null || problem.detail().isBlank())) {
                violations.add("status %d without a reason".formatted(status));
            }
            done.run();
        });
        through.bus().onKill(() -> {
            if (!over[0]) {
                over[0] = true;
                answered++;
                outcomes.merge("gateway died", 1, Integer::sum);
            }
        });
    }

    /** As the controller does: route and revision are gone. */
    void delete(RevisionSpec spec) {
        publish(controller, Topics.ROUTES, Workloads.route(spec).host(), null);
        publish(controller, Topics.REVISIONS, spec.id().toString(), null);
    }

    int live(RevisionSpec spec) {
        return nodes.values().stream().mapToInt(node -> node.live(spec.id())).sum();
    }

    void restartGateway(int index) {
        gateways.get(index).bus().kill();
        gateways.set(index, gateway(index));
    }

    void killNode(String nodeId) {
        SimulatedNode node = nodes.remove(nodeId);
        if (node != null) {
            node.bus().kill();
        }
        touch(nodeId);
    }

    void startNode(String nodeId) {
        if (!nodes.containsKey(nodeId)) {
            touch(nodeId);
            nodes.put(
                    nodeId,
                    new SimulatedNode(
                            nodeId,
                            connect(nodeId),
                            time,
                            disks.computeIfAbsent(nodeId, id -> new SimulatedNode.Disk()),
                            sandboxesMax,
                            faulty ? FAILING_STARTS : 0));
        }
    }

    void startAutoscaler(int index) {
        autoscalers.get(index).bus().kill();
        autoscalers.set(index, new SimulatedAutoscaler(connect("a" + index), time));
    }

    /** The term of whoever decides on a revision now; -1 for nobody. */
    long term(RevisionSpec spec) {
        return autoscalers.stream()
                .mapToLong(replica -> replica.term(spec.id()))
                .max()
                .orElse(-1);
    }

    /** What an operator wants of a node, null for nothing; what it gives away may run on both sides until it was told. */
    void order(String nodeId, NodeOrder.@Nullable Wish wish) {
        touch(nodeId);
        if (wish == null) {
            ordered.remove(nodeId);
        } else {
            ordered.add(nodeId);
        }
        NodeOrder order = wish == null ? null : new NodeOrder(nodeId, wish, "", time.instant());
        publish(controller, Topics.NODE_ORDERS, nodeId, order);
    }

    /**
     * To be called after every event: what a cut-off node does is its own affair until it has heard again, and one that knows no plan may have
     * an instance of its own. A node that is drained is heard of by each autoscaler in its own time, and finishes what it has while others
     * begin.
     */
    void noteOutOfTouch() {
        nodes.forEach((nodeId, node) -> {
            if (!node.bus().isConnected() || isOrdered(nodeId) || !knowsPlans(node)) {
                touch(nodeId);
            }
        });
    }

    /** Also while the order is taken back and the broker has not heard of that. */
    private boolean isOrdered(String nodeId) {
        return ordered.contains(nodeId) || kafka.last(Topics.NODE_ORDERS, nodeId) != null;
    }

    private boolean knowsPlans(SimulatedNode node) {
        return revisions.stream().allMatch(spec -> node.epoch(spec.id()) >= 0);
    }

    /** How long a node has been here and connected. */
    long inTouchNanos(String nodeId) {
        return time.nanos() - outOfTouchNanos.getOrDefault(nodeId, 0L);
    }

    /** Whether any instance came, went or was given up since the last time, or time passed that makes a node count again. */
    boolean hasMoved() {
        long moves = time.nanos() / 100_000_000;
        for (SimulatedNode node : nodes.values()) {
            moves += node.moves() << 20;
        }
        boolean moved = moves != lastMoves;
        lastMoves = moves;
        return moved;
    }

    private void touch(String nodeId) {
        outOfTouchNanos.put(nodeId, time.nanos());
    }

    /** In a tenth of all seeds sandboxes are what is scarce, and frozen instances stay for as long as there is room; none of those has a name, either. */
    static boolean isCrowded(long seed) {
        return seed % 10 == 8;
    }

    /** In a fifth of all seeds processors are what is scarce; none of those that have a name is among them, whose histories stay theirs. */
    private static int cpuRequestMillicores(long seed) {
        return seed % 5 == 4 ? SimulatedNode.CPU_MILLICORES / 12 : 0;
    }

    private SimulatedGateway gateway(int index) {
        return new SimulatedGateway("g" + index, connect("g" + index), time, nodes::get, violations::add);
    }

    /** Each process that is started is another one, also under the same name. */
    private SimulatedBus connect(String name) {
        return kafka.connect("%s, life %d".formatted(name, lives.merge(name, 1, Integer::sum)));
    }

    private <T> void publish(Bus bus, Topic<T> topic, String key, @Nullable T value) {
        bus.publish(topic, key, value).whenComplete((done, failure) -> {
            if (failure != null) {
                publish(bus, topic, key, value);
            }
        });
    }
}
