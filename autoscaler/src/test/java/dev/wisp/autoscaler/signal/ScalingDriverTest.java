package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.autoscaler.signal.ScalingDriver.Ticks;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ScalingDriverTest {

    /** Longer than the test may take: what happens before it was not waiting for the tick. */
    private static final Duration TICK = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final InstantSource SYSTEM = InstantSource.system();

    private static final RevisionSpec SPEC = Revisions.revision("a", Revisions.scaling(0, 0, 60_000));

    private final MemoryBus bus = new MemoryBus();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ScalingLoop loop =
            new ScalingLoop(bus, new DecisionLog(10), new NodeBook(), ScalingLoop.Settings.DEFAULT);

    @Test
    void doesNotWaitForTheTickWhenDemandComes() {
        try (ScalingDriver driver = driver(SYSTEM, System::nanoTime, new Ticks(TICK, TICK))) {
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
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
        try (ScalingDriver driver = driver(SYSTEM, nanos::get, new Ticks(Duration.ofSeconds(1), TICK))) {
            assertThat(lagSeconds()).isZero();

            nanos.addAndGet(TICK.plusSeconds(3).toNanos());
            assertThat(lagSeconds()).isEqualTo(3);

            driver.start();
            await().atMost(Duration.ofSeconds(5)).until(() -> lagSeconds() == 0);
        }
    }

    /** A pass that fails is made again at the next tick, and none is over until one comes through. */
    @Test
    void isBehindForAsLongAsPassesFail() {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger failures = new AtomicInteger();
        InstantSource clock = () -> {
            if (broken.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("broken");
            }
            return SYSTEM.instant();
        };
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
        long dueNanos = nanos.get() + SHORT.toNanos();
        try (ScalingDriver driver = driver(clock, nanos::get, new Ticks(SHORT, SHORT))) {
            driver.start();
            await().until(() -> {
                nanos.addAndGet(SHORT.toNanos());
                return failures.get() > 2;
            });
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            assertThat(lagSeconds())
                    .isCloseTo(Duration.ofNanos(nanos.get() - dueNanos).toMillis() / 1_000.0, within(0.001))
                    .isGreaterThan(6);

            broken.set(false);
            await().until(() -> {
                nanos.addAndGet(SHORT.toNanos());
                return lagSeconds() == 0;
            });
        }
    }

    /** What was due by a clock that was set back meanwhile would be waited for until it says so again. */
    @Test
    void aClockThatIsSetBackHoldsUpNoPass() {
        ManualClock clock = new ManualClock(SYSTEM.instant());
        try (ScalingDriver driver = driver(clock, System::nanoTime, new Ticks(SHORT, SHORT))) {
            driver.start();
            await().until(() -> passes() > 0);

            clock.advance(Duration.ofHours(-3));
            long before = passes();

            await().atMost(Duration.ofSeconds(5)).until(() -> passes() > before + 1);
        }
    }

    @Test
    void refusesATickThatWouldSpin() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticks(Duration.ZERO, TICK))
                .withMessageContaining("wisp.autoscaler.signal.tick");
    }

    private ScalingDriver driver(InstantSource clock, LongSupplier nanoClock, Ticks ticks) {
        return new ScalingDriver(loop, clock, nanoClock, ticks, metrics);
    }

    private double lagSeconds() {
        return metrics.get("wisp.autoscaler.lag").timeGauge().value(TimeUnit.SECONDS);
    }

    private long passes() {
        return metrics.get("wisp.autoscaler.pass").timer().count();
    }
}
