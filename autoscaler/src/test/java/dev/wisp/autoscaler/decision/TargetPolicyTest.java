package dev.wisp.autoscaler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.TargetPolicy.Target;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets and counts of buffering gateways as Knative's own tests have them. */
class TargetPolicyTest {

    record Case(
            String name,
            Metric metric,
            int concurrency,
            double annotation,
            double utilization,
            double target,
            double capacity) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> goldenTargets() {
        return Stream.of(
                new Case("default at 100 %", Metric.CONCURRENCY, 0, 0, 100, 100, 100),
                new Case("default", Metric.CONCURRENCY, 0, 0, 70, 70, 100),
                new Case("limit 12 at 75 %", Metric.CONCURRENCY, 12, 0, 75, 9, 12),
                new Case("limit 10 at 80 %", Metric.CONCURRENCY, 10, 0, 80, 8, 10),
                new Case("limit 1 at 80 %", Metric.CONCURRENCY, 1, 0, 80, 0.8, 1),
                new Case("never below 0.01", Metric.CONCURRENCY, 0, 1, 0.1, 0.01, 1),
                new Case("annotation below the limit", Metric.CONCURRENCY, 10, 1, 100, 1, 1),
                new Case("annotation above the limit", Metric.CONCURRENCY, 10, 50, 100, 10, 10),
                new Case("annotation without a limit", Metric.CONCURRENCY, 0, 500, 100, 500, 500),
                new Case("rate default", Metric.RPS, 0, 0, 70, 140, 200),
                new Case("rate ignores the concurrency limit", Metric.RPS, 1, 50, 100, 50, 50));
    }

    @ParameterizedTest
    @MethodSource("goldenTargets")
    void resolvesTargets(Case golden) {
        ScalingSpec scaling = ScalingSpec.DEFAULT
                .with()
                .metric(golden.metric())
                .target(golden.annotation())
                .targetUtilizationPercent(golden.utilization())
                .build();

        assertThat(TargetPolicy.target(scaling, golden.concurrency()))
                .isEqualTo(new Target(golden.target(), golden.capacity()));
    }

    record Buffers(int ready, double burstCapacity, int gateways) {}

    static Stream<Buffers> goldenBuffers() {
        return Stream.of(new Buffers(0, 200, 2), new Buffers(1, 200, 3), new Buffers(100, 0, 2), new Buffers(5, -1, 5));
    }

    @ParameterizedTest
    @MethodSource("goldenBuffers")
    void countsBufferingGateways(Buffers golden) {
        KpaSettings settings = new KpaSettings(
                100,
                70,
                golden.burstCapacity(),
                1000,
                2,
                2,
                Duration.ofSeconds(60),
                Duration.ofSeconds(6),
                0,
                Duration.ZERO);

        assertThat(BufferPolicy.gateways(settings, golden.ready(), 100)).isEqualTo(golden.gateways());
    }

    @Test
    void roundsThePanicWindowToSecondsAndKeepsOne() {
        assertThat(KpaSettings.of(Revisions.revision("a", window(60, 10))).panicWindow())
                .isEqualTo(Duration.ofSeconds(6));
        assertThat(KpaSettings.of(Revisions.revision("a", window(15, 10))).panicWindow())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(KpaSettings.of(Revisions.revision("a", window(6, 1))).panicWindow())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private static ScalingSpec window(int seconds, double panicPercent) {
        return ScalingSpec.DEFAULT
                .with()
                .windowSeconds(seconds)
                .panicWindowPercent(panicPercent)
                .build();
    }
}
