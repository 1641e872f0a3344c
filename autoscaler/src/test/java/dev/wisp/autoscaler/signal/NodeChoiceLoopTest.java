package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.autoscaler.node.NodeView;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionReadiness.State;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.MemoryBus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What nodes say of themselves, as far as plans follow it. */
class NodeChoiceLoopTest {

    private static final RevisionId REVISION = new RevisionId("default", "a-00001");

    private final ManualClock clock = new ManualClock(Revisions.CREATED_AT);
    private final MemoryBus bus = new MemoryBus();
    private final DecisionLog log = new DecisionLog(100);
    private final NodeBook nodes = new NodeBook();
    private final ScalingLoop loop = new ScalingLoop(bus, log, nodes, ScalingLoop.Settings.DEFAULT);

    @Test
    void saysWhichNodesARevisionIsNotFor() {
        deploy(new PlacementSpec(
                List.of(new NodeTerm(List.of(NodeRequirement.is("disk", "ssd")))), List.of(), List.of(), null));
        heartbeat("n1", Map.of("disk", "hdd"), List.of());
        run();

        assertThat(plan().shares()).isEmpty();
        assertThat(plan().reason())
                .isEqualTo("0: no call yet; no node may start it (of 1 nodes: no match for disk=ssd (1))");
    }

    @Test
    void aTaintThatIsHeardOfLaterTakesTheGrantAway() {
        deploy(PlacementSpec.ANYWHERE);
        heartbeat("n1", Map.of(), List.of());
        heartbeat("n2", Map.of(), List.of());
        run();
        assertThat(plan().shares()).extracting(NodeShare::nodeId).containsExactlyInAnyOrder("n1", "n2");

        clock.advance(Duration.ofSeconds(1));
        heartbeat("n1", Map.of(), List.of(Taint.parse("disk-is-going:NoExecute")));
        heartbeat("n2", Map.of(), List.of());
        run();

        assertThat(plan().shares()).extracting(NodeShare::nodeId).containsExactly("n2");
        assertThat(nodes.node("n1").map(NodeView::taints)).contains(List.of("disk-is-going:NoExecute"));
    }

    @Test
    void gatewaysAskFirstWhereTheRevisionIsPrepared() {
        deploy(PlacementSpec.ANYWHERE);
        heartbeat("n1", Map.of(), List.of());
        heartbeat("n2", Map.of(), List.of());
        run();
        String last = plan().shares().getLast().nodeId();

        readiness(last, State.READY);
        run();
        assertThat(plan().shares().getFirst().nodeId()).isEqualTo(last);

        String other = plan().shares().getLast().nodeId();
        readiness(other, State.READY);
        readiness(last, State.PULLING);
        run();
        assertThat(plan().shares().getFirst().nodeId()).isEqualTo(other);
    }

    private void run() {
        if (nodes.nodes().isEmpty()) {
            loop.subscribe();
        }
        loop.runOnce(clock.instant());
    }

    private void deploy(PlacementSpec placement) {
        RevisionSpec spec = Revisions.revision("a", ScalingSpec.DEFAULT).withPlacement(placement);
        bus.publish(Topics.REVISIONS, spec.id().toString(), spec);
    }

    private void heartbeat(String nodeId, Map<String, String> labels, List<Taint> taints) {
        bus.publish(
                Topics.NODES,
                nodeId,
                new NodeStatus(
                        nodeId,
                        "",
                        2000,
                        8L << 30,
                        8L << 30,
                        100,
                        0,
                        true,
                        labels,
                        clock.instant(),
                        taints,
                        2000,
                        null));
    }

    private void readiness(String nodeId, State state) {
        bus.publish(
                Topics.READINESS,
                REVISION + "@" + nodeId,
                new RevisionReadiness(REVISION, nodeId, state, List.of(), null, clock.instant()));
    }

    private RevisionPlan plan() {
        return Objects.requireNonNull(bus.last(Topics.PLANS, REVISION.toString()));
    }
}
