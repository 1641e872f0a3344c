package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.instance.InstanceEvent.State;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.MemoryBus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A scaling loop on a bus in memory and a clock that is set by hand, and what its tests say to it. */
abstract class ScalingLoopFixture {

    static final Duration TICK = Duration.ofMillis(250);

    final ManualClock clock = new ManualClock(Revisions.CREATED_AT);
    final MemoryBus bus = new MemoryBus();
    final DecisionLog log = new DecisionLog(100);
    final NodeBook nodes = new NodeBook();
    ScalingLoop loop = started();
    long memoryFree = 4L << 30;

    ScalingLoop started() {
        ScalingLoop started = new ScalingLoop(bus, log, nodes, ScalingLoop.Settings.DEFAULT);
        started.subscribe();
        return started;
    }

    int run() {
        return loop.runOnce(clock.instant());
    }

    void deploy(String service, ScalingSpec scaling) {
        RevisionSpec spec = Revisions.revision(service, scaling);
        bus.publish(Topics.REVISIONS, spec.id().toString(), spec);
    }

    void route(String service) {
        Route route = new Route(
                service + ".default.localhost",
                "default",
                service,
                1,
                List.of(new Route.Target(id(service), 100, null)));
        bus.publish(Topics.ROUTES, route.host(), route);
    }

    void heartbeat(String nodeId) {
        bus.publish(Topics.NODES, nodeId, status(nodeId, true));
    }

    /** Whether the loop does not wait for its tick. */
    boolean heard(String nodeId, boolean schedulable) {
        return loop.take(new Signal.NodeSeen(nodeId, status(nodeId, schedulable)), clock.instant());
    }

    NodeStatus status(String nodeId, boolean schedulable) {
        return new NodeStatus(nodeId, "", 2000, 8L << 30, memoryFree, 1000, 0, schedulable, Map.of(), clock.instant());
    }

    void ready(String service, String nodeId, int instances) {
        for (int i = 0; i < instances; i++) {
            String instanceId = service + "-" + i;
            bus.publish(
                    Topics.INSTANCES,
                    instanceId,
                    new InstanceEvent(
                            instanceId,
                            id(service),
                            nodeId,
                            State.READY,
                            0,
                            0,
                            "started",
                            0,
                            0,
                            clock.instant(),
                            clock.instant()));
        }
    }

    boolean order(String nodeId, NodeOrder.Wish wish) {
        NodeOrder order = new NodeOrder(nodeId, wish, "maintenance", clock.instant());
        return loop.take(new Signal.NodeOrdered(nodeId, order), clock.instant());
    }

    void demand(String service, int inFlight) {
        bus.publish(Topics.DEMAND, id(service).toString(), report(service, inFlight, clock.instant()));
    }

    static DemandReport report(String service, int inFlight, Instant at) {
        return new DemandReport(id(service), "g1", at, 0, inFlight, 0, inFlight, inFlight, inFlight, List.of());
    }

    RevisionPlan plan(String service) {
        RevisionPlan plan = bus.last(Topics.PLANS, id(service).toString());
        assertThat(plan).isNotNull();
        return plan;
    }

    int count(String service) {
        return plan(service).shares().stream().mapToInt(NodeShare::count).sum();
    }

    static RevisionId id(String service) {
        return new RevisionId("default", service + "-00001");
    }

    static ScalingSpec initial(int scale) {
        return ScalingSpec.DEFAULT.withInitialScale(scale);
    }
}
