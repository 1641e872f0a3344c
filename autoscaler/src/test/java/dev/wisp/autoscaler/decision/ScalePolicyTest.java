package dev.wisp.autoscaler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScalePolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final KpaState PANIC = new KpaState(NOW.minusSeconds(10), 7, DelayedMaximum.EMPTY);

    record Case(
            String name,
            ScalingSpec scaling,
            KpaState state,
            ScaleInputs inputs,
            int desired,
            Cause cause,
            String reason) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        ScalingSpec plain = ScalingSpec.DEFAULT;
        return Stream.of(
                new Case(
                        "demand",
                        plain,
                        KpaState.CALM,
                        load(210, 210, 2, 0),
                        3,
                        Cause.DEMAND,
                        "3: 210 in flight over 60 s / target 70"),
                new Case(
                        "panic",
                        plain,
                        KpaState.CALM,
                        load(210, 490, 2, 0),
                        7,
                        Cause.PANIC,
                        "7: 490 in flight over 6 s / target 70, panic until 12:01:00Z"),
                new Case(
                        "panic hold",
                        plain,
                        PANIC,
                        load(100, 210, 7, 0),
                        7,
                        Cause.PANIC_HOLD,
                        "7: held by panic until 12:00:50Z, would be 3 (210 in flight over 6 s / target 70)"),
                new Case(
                        "step down",
                        plain,
                        KpaState.CALM,
                        load(70, 70, 10, 0),
                        5,
                        Cause.STEP,
                        "5: one step from 10 ready allows 5 to 10000, would be 1 (70 in flight over 60 s / target 70)"),
                new Case(
                        "activation scale",
                        activation(4),
                        KpaState.CALM,
                        load(70, 70, 1, 0),
                        4,
                        Cause.ACTIVATION_SCALE,
                        "4: activation-scale 4 (70 in flight over 60 s / target 70)"),
                new Case(
                        "max-scale",
                        Revisions.scaling(0, 2, 1_000),
                        KpaState.CALM,
                        load(210, 210, 2, 0),
                        2,
                        Cause.MAX_SCALE,
                        "2: max-scale 2, would be 3 (210 in flight over 60 s / target 70)"),
                new Case(
                        "min-scale under load",
                        Revisions.scaling(5, 0, 1_000),
                        KpaState.CALM,
                        load(210, 210, 2, 0),
                        5,
                        Cause.MIN_SCALE,
                        "5: min-scale 5, would be 3 (210 in flight over 60 s / target 70)"),
                new Case(
                        "within keep-alive",
                        Revisions.scaling(0, 0, 600_000),
                        KpaState.CALM,
                        load(0, 0, 1, 63_000),
                        1,
                        Cause.KEEP_ALIVE,
                        "1: last call 63.0 s ago, keep-alive 600 s"),
                new Case(
                        "idle",
                        plain,
                        KpaState.CALM,
                        load(210, 0, 3, 1_000),
                        0,
                        Cause.IDLE,
                        "0: idle 1.0 s >= keep-alive 1 s"),
                new Case(
                        "idle with min-scale",
                        Revisions.scaling(2, 0, 1_000),
                        KpaState.CALM,
                        load(0, 0, 2, 5_000),
                        2,
                        Cause.MIN_SCALE,
                        "2: min-scale 2, idle 5.0 s >= keep-alive 1 s"),
                new Case(
                        "keep-alive 0",
                        Revisions.scaling(0, 0, 0),
                        KpaState.CALM,
                        load(210, 210, 3, 0),
                        0,
                        Cause.IDLE,
                        "0: keep-alive 0 s, gateways start an instance when a call comes"),
                new Case(
                        "never called",
                        plain,
                        KpaState.CALM,
                        new ScaleInputs(0, 0, 0, true, true, null),
                        0,
                        Cause.NEVER_CALLED,
                        "0: no call yet"),
                new Case(
                        "min-scale without a route",
                        Revisions.scaling(2, 0, 1_000),
                        KpaState.CALM,
                        new ScaleInputs(0, 0, 0, false, true, null),
                        0,
                        Cause.NEVER_CALLED,
                        "0: no call yet"),
                new Case(
                        "initial scale",
                        initial(4),
                        KpaState.CALM,
                        new ScaleInputs(0, 0, 1, true, false, null),
                        4,
                        Cause.INITIAL_SCALE,
                        "4: initial-scale 4 not reached yet, 1 ready"),
                new Case(
                        "initial scale reached",
                        initial(4),
                        KpaState.CALM,
                        new ScaleInputs(0, 0, 4, true, true, null),
                        0,
                        Cause.NEVER_CALLED,
                        "0: no call yet"),
                new Case(
                        "rate",
                        rps(),
                        KpaState.CALM,
                        load(280, 280, 2, 0),
                        2,
                        Cause.DEMAND,
                        "2: 280 requests/s over 60 s / target 140"),
                new Case(
                        "scale-down delay",
                        delay(300),
                        new KpaState(
                                null, 0, DelayedMaximum.EMPTY.with(NOW.minusSeconds(60), 6, Duration.ofMinutes(5))),
                        load(140, 140, 3, 0),
                        6,
                        Cause.SCALE_DOWN_DELAY,
                        "6: held by scale-down-delay 300 s, would be 2 (140 in flight over 60 s / target 70)"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAndSaysWhy(Case expected) {
        KpaSettings settings = KpaSettings.of(Revisions.revision("a", expected.scaling()));

        ScaleDecision decision =
                ScalePolicy.decide(expected.scaling(), settings, expected.state(), expected.inputs(), NOW);

        assertThat(decision.reason()).isEqualTo(expected.reason());
        assertThat(decision.desired()).isEqualTo(expected.desired());
        assertThat(decision.cause()).isEqualTo(expected.cause());
    }

    @Test
    void staysWithinBoundsForAnyLoad() {
        long seed = 7;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 5_000; i++) {
            int max = random.nextInt(0, 20);
            int min = max == 0 ? random.nextInt(0, 5) : random.nextInt(0, max + 1);
            ScalingSpec scaling = Revisions.scaling(min, max, random.nextInt(0, 3_000));
            ScaleInputs inputs = load(
                    random.nextDouble(0, 5_000),
                    random.nextDouble(0, 5_000),
                    random.nextInt(0, 30),
                    random.nextInt(0, 4_000));

            ScaleDecision decision = ScalePolicy.decide(
                    scaling, KpaSettings.of(Revisions.revision("a", scaling)), KpaState.CALM, inputs, NOW);

            assertThat(decision.desired())
                    .as("seed %d, %s, %s", seed, scaling, inputs)
                    .isBetween(min, max == 0 ? Integer.MAX_VALUE : max);
            assertThat(decision.reason()).startsWith(decision.desired() + ": ");
        }
    }

    /** Knative: a stable window without load, then the retention; the grace period only with room for a burst of 211. */
    @Test
    void keepsAsKnativeDoes() {
        ScalingSpec plain = Revisions.keeping(ScalingSpec.KeepAlive.KNATIVE, 0, 0);
        ScalingSpec retained = Revisions.keeping(ScalingSpec.KeepAlive.KNATIVE, 0, 40);

        assertThat(decided(plain, 59_999)).isEqualTo(1);
        assertThat(decided(plain, 60_000)).isZero();
        assertThat(decided(retained, 99_999)).isEqualTo(1);
        assertThat(decided(retained, 100_000)).isZero();
    }

    private static int decided(ScalingSpec scaling, long idleMillis) {
        return ScalePolicy.decide(
                        scaling,
                        KpaSettings.of(Revisions.revision("a", scaling)),
                        KpaState.CALM,
                        load(0, 0, 1, idleMillis),
                        NOW)
                .desired();
    }

    private static ScaleInputs load(double stable, double panic, int ready, long idleMillis) {
        return new ScaleInputs(stable, panic, ready, true, true, at(idleMillis));
    }

    private static @Nullable Instant at(long idleMillis) {
        return NOW.minusMillis(idleMillis);
    }

    private static ScalingSpec activation(int scale) {
        return ScalingSpec.DEFAULT.withActivationScale(scale);
    }

    private static ScalingSpec initial(int scale) {
        return ScalingSpec.DEFAULT.withInitialScale(scale);
    }

    private static ScalingSpec rps() {
        return ScalingSpec.DEFAULT.withMetric(Metric.RPS);
    }

    private static ScalingSpec delay(int seconds) {
        return ScalingSpec.DEFAULT.withScaleDownDelaySeconds(seconds);
    }
}
