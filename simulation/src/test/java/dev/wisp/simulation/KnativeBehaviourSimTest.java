package dev.wisp.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.explain.Decision;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Averaging;
import dev.wisp.contracts.revision.ScalingSpec.KeepAlive;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Knative's end-to-end tests of autoscaling ask for, each under the name it has there, of the decisions that run in production. */
class KnativeBehaviourSimTest {

    private static final Duration CALL = Duration.ofMillis(100);
    private static final double TARGET = 7;

    /** TestAutoscaleUpDownUp. */
    @Test
    void autoscaleUpDownUp() {
        RevisionSpec spec = service(10, Scaling.of());
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);

        for (int round = 0; round < 2; round++) {
            load.callers(50);
            run(platform, 2);
            assertThat(platform.live(spec)).as("soon after the load began").isGreaterThanOrEqualTo(5);
            run(platform, 60);
            assertThat(desired(platform, spec)).isBetween(7, 9);
            assertThat(platform.live(spec)).isBetween(7, 9);

            load.callers(0);
            run(platform, 3);
            assertThat(desired(platform, spec)).isZero();
            assertThat(platform.live(spec)).isZero();
        }
        assertAllServed(platform);
    }

    /** TestAutoscaleUpCountPods, with both averages. */
    @ParameterizedTest
    @ValueSource(strings = {"LINEAR", "WEIGHTED_EXPONENTIAL"})
    void autoscaleUpCountPods(Averaging averaging) {
        RevisionSpec spec = service(10, Scaling.of().averaging(averaging));
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);

        for (int callers = 10; callers <= 60; callers += 10) {
            load.callers(callers);
            run(platform, 30);
            int expected = (int) Math.ceil(callers / TARGET);
            assertThat(desired(platform, spec)).as("%d callers", callers).isBetween(expected - 1, expected + 1);
            assertThat(platform.live(spec))
                    .as("%d callers, %s", callers, placed(platform, spec))
                    .isBetween(expected - 1, expected + 1);
        }
        assertAllServed(platform);
    }

    /** TestRPSBasedAutoscaleUpCountPods. */
    @Test
    void rpsBasedAutoscaleUpCountPods() {
        RevisionSpec spec = service(10, Scaling.of().rps(10));
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, Duration.ofMillis(200));

        for (int callers = 5; callers <= 20; callers += 5) {
            load.callers(callers);
            run(platform, 30);
            // 200 ms of work and two hops of 1 ms at the mean, each way.
            int expected = (int) Math.ceil(callers / 0.202 / TARGET);
            assertThat(desired(platform, spec)).as("%d callers", callers).isBetween(expected - 1, expected + 1);
        }
        assertAllServed(platform);
    }

    /** TestAutoscaleSustaining. */
    @Test
    void autoscaleSustaining() {
        RevisionSpec spec = service(10, Scaling.of());
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);
        load.callers(30);
        run(platform, 10);

        List<Integer> live = new ArrayList<>();
        for (int second = 0; second < 120; second++) {
            run(platform, 1);
            live.add(platform.live(spec));
        }

        assertThat(live).allSatisfy(number -> assertThat(number).isBetween(4, 6));
        assertAllServed(platform);
    }

    /** TestTargetBurstCapacity, TestTargetBurstCapacityZero and TestTargetBurstCapacityMinusOne: what is left for a burst, and who would buffer it. */
    @ParameterizedTest
    @CsvSource({"0, 0, 2", "-1, -1, 2", "20, 20, 2", "200, -160, 3"})
    void targetBurstCapacity(double capacity, long excess, int gateways) {
        RevisionSpec spec = service(10, Scaling.of().burst(capacity).minScale(5));
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);

        load.callers(10);
        run(platform, 60);
        Decision.Inputs inputs = decision(platform, spec).inputs();

        assertThat(inputs.ready()).isEqualTo(5);
        assertThat(inputs.excessBurstCapacity()).isBetween(capacity > 0 ? excess - 2 : excess, excess);
        assertThat(inputs.gatewaysWanted()).isEqualTo(gateways);
        load.callers(60);
        run(platform, 5);
        assertAllServed(platform);
    }

    /** TestFastScaleToZero: with a keep-alive, and as soon as Knative itself may. */
    @Test
    void fastScaleToZero() {
        RevisionSpec spec = service(10, Scaling.of());
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);
        load.callers(5);
        run(platform, 5);

        load.callers(0);
        run(platform, 2);

        assertThat(platform.live(spec)).isZero();
        assertAllServed(platform);
    }

    @Test
    void scaleToZeroTakesWindowAndGraceUnderKnativesPolicy() {
        RevisionSpec spec =
                service(10, Scaling.of().keepAlive(KeepAlive.KNATIVE).burst(0));
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);
        load.callers(5);
        run(platform, 10);

        load.callers(0);
        run(platform, Scaling.WINDOW_SECONDS + 20);
        assertThat(platform.live(spec)).isEqualTo(1);
        run(platform, 15);

        assertThat(platform.live(spec)).isZero();
    }

    /** TestActivationScale. */
    @Test
    void activationScale() {
        RevisionSpec spec = service(10, Scaling.of().activation(5));
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, CALL);

        load.callers(1);
        run(platform, 2);

        assertThat(desired(platform, spec)).isEqualTo(5);
        assertThat(platform.live(spec)).isEqualTo(5);
        load.callers(0);
        run(platform, 3);
        assertThat(platform.live(spec)).isZero();
    }

    /** TestActivatorOverload: more calls at once than there may be instances, of a service that takes one at a time, from zero. */
    @Test
    void activatorOverload() {
        RevisionSpec spec = service(1, Scaling.of().maxScale(50));
        Platform platform = started(spec);

        for (int call = 0; call < 180; call++) {
            platform.request(call % 2, spec, Duration.ofSeconds(2));
        }
        run(platform, 20);

        assertThat(platform.asked).isEqualTo(180);
        assertAllServed(platform);
    }

    /** TestDestroyPodInflight: who has a call is not ended before it is answered. */
    @Test
    void destroyPodInflight() {
        RevisionSpec spec = service(10, Scaling.of());
        Platform platform = started(spec);
        platform.request(0, spec, Duration.ofSeconds(10));
        run(platform, 1);
        assertThat(platform.live(spec)).isPositive();

        platform.delete(spec);
        run(platform, 8);
        assertThat(platform.answered).isZero();
        run(platform, 3);

        assertAllServed(platform);
        assertThat(platform.live(spec)).isZero();
    }

    /** TestDestroyPodTimely: who has none is ended at once. */
    @Test
    void destroyPodTimely() {
        RevisionSpec spec = service(10, Scaling.of().minScale(3));
        Platform platform = started(spec);
        run(platform, 3);
        assertThat(platform.live(spec)).isEqualTo(3);

        platform.delete(spec);
        run(platform, 1);

        assertThat(platform.live(spec)).isZero();
    }

    /** TestDestroyPodWithRequests: instances are taken away under load, and no call notices. */
    @Test
    void destroyPodWithRequests() {
        RevisionSpec spec = service(10, Scaling.of());
        Platform platform = started(spec);
        ClosedLoop load = new ClosedLoop(platform, spec, Duration.ofMillis(500));
        load.callers(40);
        run(platform, 10);
        String busiest = busiest(platform, spec);

        platform.order(busiest, NodeOrder.Wish.DRAIN);
        run(platform, 10);

        assertThat(node(platform, busiest, spec)).isZero();
        assertThat(platform.live(spec)).isGreaterThanOrEqualTo(4);
        assertAllServed(platform);
    }

    private static Platform started(RevisionSpec spec) {
        Platform platform = Platform.calm(spec);
        run(platform, 10);
        return platform;
    }

    private static void run(Platform platform, int seconds) {
        platform.time.run(Duration.ofSeconds(seconds), () -> {});
    }

    private static int desired(Platform platform, RevisionSpec spec) {
        return Objects.requireNonNull(
                        platform.kafka.last(Topics.PLANS, spec.id().toString()))
                .desired();
    }

    private static String placed(Platform platform, RevisionSpec spec) {
        Map<String, Integer> live = new TreeMap<>();
        platform.nodes.forEach((nodeId, node) -> live.put(nodeId, node.live(spec.id())));
        return "%s, planned %s"
                .formatted(live, platform.kafka.last(Topics.PLANS, spec.id().toString()));
    }

    private static Decision decision(Platform platform, RevisionSpec spec) {
        return platform.autoscalers.stream()
                .flatMap(replica -> replica.decision(spec).stream())
                .findFirst()
                .orElseThrow();
    }

    private static String busiest(Platform platform, RevisionSpec spec) {
        return platform.nodes.keySet().stream()
                .max((a, b) -> Integer.compare(node(platform, a, spec), node(platform, b, spec)))
                .orElseThrow();
    }

    private static int node(Platform platform, String nodeId, RevisionSpec spec) {
        return Objects.requireNonNull(platform.nodes.get(nodeId)).live(spec.id());
    }

    private static void assertAllServed(Platform platform) {
        assertThat(platform.violations).isEmpty();
        assertThat(platform.outcomes.keySet()).isEqualTo(Set.of("status 200"));
    }

    private static RevisionSpec service(int concurrency, Scaling scaling) {
        return Workloads.revision("s", scaling.spec(), concurrency);
    }

    /** Knative's defaults with a window of six seconds, and what a test says otherwise. */
    private record Scaling(
            int minScale,
            int maxScale,
            int activationScale,
            Metric metric,
            double target,
            double burstCapacity,
            KeepAlive keepAlive,
            Averaging averaging) {

        static final int WINDOW_SECONDS = 6;

        static Scaling of() {
            return new Scaling(0, 0, 1, Metric.CONCURRENCY, 0, 211, KeepAlive.FIXED, Averaging.LINEAR);
        }

        Scaling minScale(int least) {
            return new Scaling(least, maxScale, activationScale, metric, target, burstCapacity, keepAlive, averaging);
        }

        Scaling maxScale(int most) {
            return new Scaling(minScale, most, activationScale, metric, target, burstCapacity, keepAlive, averaging);
        }

        Scaling activation(int scale) {
            return new Scaling(minScale, maxScale, scale, metric, target, burstCapacity, keepAlive, averaging);
        }

        Scaling rps(double each) {
            return new Scaling(
                    minScale, maxScale, activationScale, Metric.RPS, each, burstCapacity, keepAlive, averaging);
        }

        Scaling burst(double capacity) {
            return new Scaling(minScale, maxScale, activationScale, metric, target, capacity, keepAlive, averaging);
        }

        Scaling keepAlive(KeepAlive policy) {
            return new Scaling(minScale, maxScale, activationScale, metric, target, burstCapacity, policy, averaging);
        }

        Scaling averaging(Averaging other) {
            return new Scaling(minScale, maxScale, activationScale, metric, target, burstCapacity, keepAlive, other);
        }

        ScalingSpec spec() {
            return ScalingSpec.DEFAULT
                    .with()
                    .minScale(minScale)
                    .maxScale(maxScale)
                    .activationScale(activationScale)
                    .metric(metric)
                    .target(target)
                    .targetBurstCapacity(burstCapacity)
                    .windowSeconds(WINDOW_SECONDS)
                    .keepAlive(keepAlive)
                    .averaging(averaging)
                    .freezeAfterMillis(0)
                    .build();
        }
    }
}
