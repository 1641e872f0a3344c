package dev.wisp.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.node.instance.SimulatedNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where instances are on three nodes on which nothing fails by itself. */
class PlacementSimTest {

    /** Three heartbeats are missed, the next of another node says so, and the loop looks every 250 ms. */
    private static final Duration LOST_WITHIN =
            NodeStatus.HEARTBEAT.multipliedBy(4).plusMillis(300);

    /** However long after its last heartbeat it dies. */
    @ParameterizedTest
    @ValueSource(ints = {0, 150, 300, 450, 600, 750, 900})
    void theShareOfAKilledNodeRunsElsewhereWithinAHeartbeatOfItsLoss(int phaseMillis) {
        RevisionSpec spec = Workloads.revision("s", held(6), 1);
        Platform platform = Platform.calm(spec);
        platform.time.run(Duration.ofSeconds(10).plusMillis(phaseMillis), () -> {});
        String killed = busiest(platform, spec);
        assertThat(platform.live(spec)).isEqualTo(6);
        long killedAt = platform.time.nanos();
        platform.killNode(killed);
        assertThat(platform.live(spec)).isLessThan(6);
        long[] lostAt = new long[1];
        long[] placedAt = new long[1];

        platform.time.run(Duration.ofSeconds(10), () -> {
            if (lostAt[0] == 0 && plan(platform, spec).share(killed).isEmpty()) {
                lostAt[0] = platform.time.nanos();
            }
            if (placedAt[0] == 0 && platform.live(spec) == 6) {
                placedAt[0] = platform.time.nanos();
            }
        });

        assertThat(Duration.ofNanos(lostAt[0] - killedAt))
                .as("until it was given up")
                .isBetween(NodeStatus.HEARTBEAT.multipliedBy(2), LOST_WITHIN);
        assertThat(Duration.ofNanos(placedAt[0] - lostAt[0]))
                .as("until its share ran elsewhere")
                .isBetween(Duration.ZERO, NodeStatus.HEARTBEAT);
    }

    /** Gateways that have calls are refused by it, which is not waited for thrice. */
    @ParameterizedTest
    @ValueSource(ints = {0, 300, 600, 900})
    void aKilledNodeThatGatewaysCallIsGivenUpWithTheFirstHeartbeatItMisses(int phaseMillis) {
        RevisionSpec spec = Workloads.revision("s", held(6), 1);
        Platform platform = Platform.calm(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, Duration.ofMillis(500));
        load.callers(4);
        platform.time.run(Duration.ofSeconds(10).plusMillis(phaseMillis), () -> {});
        String killed = busiest(platform, spec);
        long killedAt = platform.time.nanos();
        platform.killNode(killed);
        long[] lostAt = new long[1];

        platform.time.run(Duration.ofSeconds(10), () -> {
            if (lostAt[0] == 0 && plan(platform, spec).share(killed).isEmpty()) {
                lostAt[0] = platform.time.nanos();
            }
        });

        assertThat(Duration.ofNanos(lostAt[0] - killedAt))
                .as("until it was given up")
                .isBetween(Duration.ofMillis(200), NodeStatus.HEARTBEAT.multipliedBy(2));
    }

    /** Four of a quarter each fit a node, whether a plan holds them or gateways start them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 14})
    void noNodeHasMoreThanItsProcessorsAreRequestedFor(int held) {
        RevisionSpec spec = Workloads.revision("s", held(held), 1, SimulatedNode.CPU_MILLICORES / 4);
        Platform platform = Platform.calm(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, Duration.ofMillis(500));
        platform.time.run(Duration.ofSeconds(10), () -> {});

        load.callers(20);
        platform.time.run(
                Duration.ofSeconds(20),
                () -> assertThat(platform.nodes.values())
                        .allMatch(node -> node.live(spec.id()) <= 4 && node.cpuMillicoresFree() >= 0));

        assertThat(platform.live(spec)).isEqualTo(12);
        load.callers(0);
        platform.time.run(Duration.ofSeconds(20), () -> {});
        assertThat(platform.answered).isEqualTo(platform.asked);
        assertThat(platform.violations).isEmpty();
    }

    private static ScalingSpec held(int minScale) {
        return ScalingSpec.DEFAULT.with().minScale(minScale).windowSeconds(6).build();
    }

    private static RevisionPlan plan(Platform platform, RevisionSpec spec) {
        return Objects.requireNonNull(
                platform.kafka.last(Topics.PLANS, spec.id().toString()));
    }

    private static String busiest(Platform platform, RevisionSpec spec) {
        return platform.nodes.keySet().stream()
                .max(Comparator.comparingInt(nodeId ->
                        Objects.requireNonNull(platform.nodes.get(nodeId)).live(spec.id())))
                .orElseThrow();
    }
}
