package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.MemoryBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScalingDriverTest {

    /** Longer than the test may take: what happens before it was not waiting for the tick. */
    private static final Duration TICK = Duration.ofSeconds(10);

    private static final RevisionSpec SPEC = Revisions.revision("a", Revisions.scaling(0, 0, 60_000));

    private final MemoryBus bus = new MemoryBus();
    private final ScalingLoop loop =
            new ScalingLoop(bus, new DecisionLog(10), new NodeBook(), ScalingLoop.Settings.DEFAULT);

    @Test
    void doesNotWaitForTheTickWhenDemandComes() {
        try (ScalingDriver driver = driver(TICK)) {
            driver.start();
            String key = SPEC.id().toString();
            Instant now = InstantSource.system().instant();
            bus.publish(Topics.REVISIONS, key, SPEC);
            bus.publish(
                    Topics.NODES,
                    "n1",
                    new NodeStatus("n1", "", 2000, 8L << 30, 8L << 30, 100, 0, true, Map.of(), now));
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(bus.last(Topics.PLANS, key))
                            .extracting(RevisionPlan::desired)
                            .isEqualTo(0));

            bus.publish(
                    Topics.DEMAND,
                    key,
                    new DemandReport(
                            SPEC.id(), "g1", InstantSource.system().instant(), 0, 100, 0, 100, 100, 100, List.of()));

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(bus.last(Topics.PLANS, key))
                            .extracting(RevisionPlan::desired)
                            .isEqualTo(2));
        }
    }

    @Test
    void tellsHowLongAPassIsOverdue() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        try (ScalingDriver driver = new ScalingDriver(loop, clock, Duration.ofSeconds(1), TICK, metrics)) {
            assertThat(metrics.get("wisp.autoscaler.lag").timeGauge().value(TimeUnit.SECONDS))
                    .isZero();

            clock.advance(TICK.plusSeconds(3));
            assertThat(metrics.get("wisp.autoscaler.lag").timeGauge().value(TimeUnit.SECONDS))
                    .isEqualTo(3);

            driver.start();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(metrics.get("wisp.autoscaler.lag")
                                    .timeGauge()
                                    .value(TimeUnit.SECONDS))
                            .isZero());
        }
    }

    @Test
    void refusesATickThatWouldSpin() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> driver(Duration.ZERO))
                .withMessageContaining("wisp.autoscaler.signal.tick");
    }

    private ScalingDriver driver(Duration tick) {
        return new ScalingDriver(loop, InstantSource.system(), tick, TICK, new SimpleMeterRegistry());
    }
}
