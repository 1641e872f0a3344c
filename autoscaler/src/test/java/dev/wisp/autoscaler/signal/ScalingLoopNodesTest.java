package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.node.NodeView;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that are lost, leave, are drained or cordoned. */
class ScalingLoopNodesTest extends ScalingLoopFixture {

    @Test
    void aSilentNodeThatGatewaysCannotReachIsLostAtOnceAndThePlanSaysWhy() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();
        clock.advance(Duration.ofMillis(1_300));
        heartbeat("n1");
        run();

        assertThat(refusedBy("g1", "n1")).as("heard just now").isFalse();
        assertThat(refusedBy("g2")).isFalse();
        assertThat(refusedBy("g3")).isFalse();
        assertThat(refusedBy("g1", "n2")).as("one of three").isFalse();
        assertThat(refusedBy("g2", "n2")).as("two of three").isTrue();
        run();

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n1", 4, 4));
        assertThat(plan("a").reason())
                .endsWith("; node n2 is lost: silent for 1300 ms, and 2 of 3 gateways cannot reach it");
        assertThat(heard("n2", true)).as("it is back with its next heartbeat").isTrue();
    }

    @Test
    void whatFrozenInstancesWouldGiveUpIsRoom() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        memoryFree = 0;
        heartbeat("n1");
        run();
        assertThat(count("a")).as("without any").isZero();

        NodeStatus full = status("n1", true);
        NodeStatus frozen = new NodeStatus(
                "n1",
                "",
                full.cpuMillicores(),
                full.memoryBytes(),
                0,
                100,
                100,
                true,
                full.labels(),
                clock.instant(),
                List.of(),
                full.cpuMillicores(),
                new NodeStatus.Evictable(full.memoryBytes(), 50, 0));
        bus.publish(Topics.NODES, "n1", frozen);
        run();

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n1", 4, 4));
        assertThat(NodeView.of(frozen, true, null, 0).memoryBytesEvictable()).isEqualTo(full.memoryBytes());
    }

    private boolean refusedBy(String gatewayId, String... nodeIds) {
        DemandReport report =
                new DemandReport(id("a"), gatewayId, clock.instant(), 250, 0, 0, 0, 0, 0, List.of(nodeIds));
        return loop.take(new Signal.DemandSeen(report), clock.instant());
    }

    @Test
    void theShareOfALostNodeIsPlacedElsewhere() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();
        assertThat(plan("a").shares()).extracting(NodeShare::count).containsExactly(2, 2);

        for (int i = 0; i < 3; i++) {
            clock.advance(NodeStatus.HEARTBEAT);
            heartbeat("n2");
            run();
        }

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n2", 4, 4));
    }

    /** With the very heartbeat of another that it has missed too often; also when the loop would look in a second only. */
    @Test
    void aLostNodeIsNotNoticedByTheTick() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();
        clock.advance(NodeStatus.HEARTBEAT.multipliedBy(2));
        assertThat(heard("n2", true)).isFalse();
        clock.advance(NodeStatus.HEARTBEAT);

        assertThat(heard("n2", true)).isTrue();
        assertThat(run()).isEqualTo(1);
        assertThat(plan("a").shares()).containsExactly(new NodeShare("n2", 4, 4));

        clock.advance(NodeStatus.HEARTBEAT);
        assertThat(heard("n2", true)).as("told once").isFalse();
        assertThat(heard("n1", true)).as("is back").isTrue();
    }

    @Test
    void aNodeThatSaysGoodbyeGivesItsShareToOthersAtOnce() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();

        assertThat(heard("n1", false)).isTrue();
        run();

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n2", 4, 4));
    }

    @Test
    void aDrainedNodeGivesItsShareToOthersAtOnce() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();

        assertThat(order("n1", NodeOrder.Wish.DRAIN)).isTrue();
        run();
        assertThat(plan("a").shares()).containsExactly(new NodeShare("n2", 4, 4));
        assertThat(nodes.node("n1").orElseThrow().state()).isEqualTo(NodeView.State.DRAINED);

        bus.publish(Topics.NODE_ORDERS, "n1", null);
        run();
        assertThat(nodes.node("n1").orElseThrow().state()).isEqualTo(NodeView.State.READY);
    }

    @Test
    void aCordonedNodeKeepsWhatItHasAndGetsNothingNew() {
        deploy("a", Revisions.scaling(2, 8, 1_000));
        route("a");
        heartbeat("n1");
        run();
        ready("a", "n1", 2);
        heartbeat("n2");
        order("n1", NodeOrder.Wish.CORDON);
        run();
        assertThat(plan("a").share("n1")).contains(new NodeShare("n1", 2, 0));

        demand("a", 210);
        run();

        assertThat(plan("a").share("n1")).contains(new NodeShare("n1", 2, 0));
        assertThat(plan("a").share("n2")).contains(new NodeShare("n2", 1, 5));
        assertThat(nodes.node("n1").orElseThrow().state()).isEqualTo(NodeView.State.CORDONED);
    }

    /** With the broker away, or this replica cut off or standing still, nobody is heard: that says nothing of any node. */
    @Test
    void noNodeIsLostWhileNobodyIsHeard() {
        deploy("a", Revisions.scaling(4, 8, 1_000));
        route("a");
        heartbeat("n1");
        heartbeat("n2");
        run();
        List<NodeShare> before = plan("a").shares();

        clock.advance(Duration.ofMinutes(1));
        run();
        heartbeat("n2");
        run();
        assertThat(plan("a").shares()).isEqualTo(before);

        for (int i = 0; i < 3; i++) {
            clock.advance(NodeStatus.HEARTBEAT);
            heartbeat("n2");
            run();
        }

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n2", 4, 4));
    }
}
