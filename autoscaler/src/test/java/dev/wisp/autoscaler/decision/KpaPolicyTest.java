package dev.wisp.autoscaler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.KpaPolicy.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values are those of Knative's own tests of its autoscaler. */
class KpaPolicyTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration STABLE_WINDOW = Duration.ofSeconds(60);

    record Case(
            String name,
            KpaSettings settings,
            KpaState state,
            Observation seen,
            int desired,
            long excessBurstCapacity) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> goldenVectors() {
        KpaState panicking = new KpaState(START.minusSeconds(5), 5, DelayedMaximum.EMPTY);
        return Stream.of(
                calm("no traffic", settings(10, 100), seen(0, 0, 1), 0, -87),
                calm("unlimited burst capacity", settings(181, -1), seen(21, 26, 1), 1, -1),
                calm("no burst capacity", settings(10, 0), seen(50, 49, 1), 5, 0),
                calm("no change", settings(10, 100), seen(50, 50, 1), 5, -137),
                calm("already scaled", settings(10, 100), seen(50, 50, 5), 5, -84),
                new Case("panic, stable larger", settings(1, 100), panicking, seen(50, 30, 5), 50, -124),
                new Case("panic, panic larger", settings(1, 100), panicking, seen(20, 30, 5), 30, -124),
                calm("up rate 1.1", rates(settings(1, 1982), 1.1, 10), seen(3, 3.1, 2), 3, -1983),
                calm("down rate 1.1", rates(settings(10, 1982), 10, 1.1), seen(1, 1, 100), 90, -650),
                calm(
                        "down rate 1.1, unreachable",
                        rates(settings(10, 1982), 10, 1.1),
                        new Observation(1, 1, 100, false),
                        1,
                        -650),
                calm("panic doubles", settings(10, 84), seen(50, 100, 1), 10, -171),
                calm("up limited from 1", settings(10, 61), seen(1000, 1001, 1), 10, -1049),
                calm("up limited from 10", settings(10, 61), seen(1000, 1001, 10), 100, -929),
                calm("down limited from 100", settings(10, 61), seen(1, 1, 100), 10, 1271),
                calm("down limited from 10", settings(10, 61), seen(1, 1, 10), 1, 71),
                calm("none ready counts as one", settings(10, 81), seen(1000, 888, 0), 10, -969),
                calm("concurrency 50", settings(10, 101), seen(50, 10, 1), 5, -98),
                calm("concurrency 100", settings(10, 101), seen(100, 10, 1), 10, -98),
                calm("rate 50", settings(10, 101), seen(50, 50, 1), 5, -138),
                calm("rate 100", settings(10, 101), seen(100, 99, 1), 10, -187),
                calm("decrease from", settings(10, 98), seen(100, 100, 8), 10, -92),
                calm("decrease to", settings(10, 98), seen(50, 50, 8), 5, -42),
                calm("activation scale without load", activation(settings(10, 75), 2), seen(0, 0, 1), 0, -62),
                calm("activation scale with load", activation(settings(10, 75), 2), seen(1, 0, 1), 2, -62));
    }

    @ParameterizedTest
    @MethodSource("goldenVectors")
    void decidesAsKnativeDoes(Case golden) {
        KpaDecision decision = KpaPolicy.decide(golden.settings(), golden.state(), golden.seen(), START);

        assertThat(decision.desired()).isEqualTo(golden.desired());
        assertThat(decision.excessBurstCapacity()).isEqualTo(golden.excessBurstCapacity());
    }

    record Step(Duration at, Observation seen, int desired) {}

    record Sequence(String name, KpaSettings settings, List<Step> steps) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sequence> goldenSequences() {
        return Stream.of(
                new Sequence(
                        "a surge prolongs panic",
                        settings(1, 98),
                        List.of(step(0, seen(11, 25, 10), 25), step(30, seen(30, 80, 40), 80))),
                new Sequence(
                        "panic ends one stable window after the last surge",
                        settings(1, 98),
                        List.of(
                                step(0, seen(11, 25, 10), 25),
                                step(30, seen(30, 41, 40), 41),
                                step(62, seen(50, 56, 55), 50))),
                new Sequence(
                        "panic holds until the load was calm",
                        settings(10, 93),
                        List.of(
                                step(0, seen(100, 100, 1), 10),
                                step(0, seen(100, 1000, 10), 100),
                                step(30, seen(1, 1, 10), 100),
                                step(61, seen(1, 1, 10), 1))),
                new Sequence(
                        "six times as much at each step",
                        settings(1, 101),
                        List.of(
                                step(0, seen(6, 6, 1), 6),
                                step(0, seen(36, 36, 6), 36),
                                step(0, seen(216, 216, 36), 216),
                                step(0, seen(1296, 1296, 216), 1296))),
                new Sequence(
                        "scale-down delay",
                        delayed(10, Duration.ofMinutes(5)),
                        List.of(step(2, seen(40, 40, 0), 4), step(300, seen(0, 0, 0), 4), step(302, seen(0, 0, 0), 0))),
                new Sequence(
                        "scale-down delay, gradual",
                        delayed(10, Duration.ofMinutes(5)),
                        List.of(
                                step(540, seen(40, 40, 0), 4),
                                step(600, seen(30, 30, 0), 4),
                                step(660, seen(0, 0, 0), 4),
                                step(840, seen(0, 0, 0), 3),
                                step(900, seen(0, 0, 0), 0))),
                new Sequence(
                        "no scale-down delay once unreachable",
                        delayed(10, Duration.ofMinutes(5)),
                        List.of(
                                step(2, seen(40, 40, 0), 4),
                                step(60, seen(0, 0, 0), 4),
                                step(62, new Observation(0, 0, 0, false), 0))));
    }

    @ParameterizedTest
    @MethodSource("goldenSequences")
    void followsKnativeStepByStep(Sequence golden) {
        KpaState state = KpaState.CALM;
        for (Step step : golden.steps()) {
            KpaDecision decision = KpaPolicy.decide(golden.settings(), state, step.seen(), START.plus(step.at()));
            assertThat(decision.desired()).as("at %s", step.at()).isEqualTo(step.desired());
            state = decision.state();
        }
    }

    @Test
    void panicTimeMovesOnlyWithAnotherSurge() {
        KpaState surged = KpaPolicy.decide(settings(1, 98), KpaState.CALM, seen(11, 25, 10), START)
                .state();

        Instant later = START.plusSeconds(30);
        KpaState calmer = KpaPolicy.decide(settings(1, 98), surged, seen(30, 41, 40), later)
                .state();
        KpaState again = KpaPolicy.decide(settings(1, 98), surged, seen(30, 80, 40), later)
                .state();

        assertThat(calmer.panicAt()).isEqualTo(START);
        assertThat(again.panicAt()).isEqualTo(later);
    }

    @Test
    void panicIsClearedWhenItEnds() {
        KpaState surged = KpaPolicy.decide(settings(1, 98), KpaState.CALM, seen(11, 25, 10), START)
                .state();

        KpaDecision calm = KpaPolicy.decide(settings(1, 98), surged, seen(50, 56, 55), START.plusSeconds(62));

        assertThat(calm.state()).isEqualTo(KpaState.CALM);
        assertThat(calm.panicking()).isFalse();
    }

    @Test
    void aRestartWithSeveralReadyHoldsThemByPanic() {
        KpaState resumed = KpaState.resumed(7, START);

        assertThat(KpaPolicy.decide(settings(10, 100), resumed, seen(0, 0, 7), START.plusSeconds(60))
                        .desired())
                .isEqualTo(7);
        assertThat(KpaPolicy.decide(settings(10, 100), resumed, seen(0, 0, 7), START.plusSeconds(61))
                        .desired())
                .isZero();
    }

    @Test
    void loadWithoutMeasureDoesNotOverflow() {
        KpaDecision decision = KpaPolicy.decide(
                settings(0.01, 100), KpaState.CALM, seen(Double.MAX_VALUE, Double.MAX_VALUE, Integer.MAX_VALUE), START);

        assertThat(decision.desired()).isEqualTo(Integer.MAX_VALUE);
    }

    private static Case calm(
            String name, KpaSettings settings, Observation seen, int desired, long excessBurstCapacity) {
        return new Case(name, settings, KpaState.CALM, seen, desired, excessBurstCapacity);
    }

    private static Step step(long seconds, Observation seen, int desired) {
        return new Step(Duration.ofSeconds(seconds), seen, desired);
    }

    private static Observation seen(double stable, double panic, int ready) {
        return new Observation(stable, panic, ready, true);
    }

    private static KpaSettings settings(double target, double burstCapacity) {
        return new KpaSettings(
                target / 0.75,
                target,
                burstCapacity,
                10,
                10,
                2,
                STABLE_WINDOW,
                Duration.ofSeconds(6),
                0,
                Duration.ZERO);
    }

    private static KpaSettings rates(KpaSettings settings, double up, double down) {
        return new KpaSettings(
                settings.capacity(),
                settings.target(),
                settings.burstCapacity(),
                up,
                down,
                settings.panicThreshold(),
                settings.stableWindow(),
                settings.panicWindow(),
                0,
                Duration.ZERO);
    }

    private static KpaSettings activation(KpaSettings settings, int activationScale) {
        return new KpaSettings(
                settings.capacity(),
                settings.target(),
                settings.burstCapacity(),
                10,
                10,
                settings.panicThreshold(),
                settings.stableWindow(),
                settings.panicWindow(),
                activationScale,
                Duration.ZERO);
    }

    private static KpaSettings delayed(double target, Duration delay) {
        return new KpaSettings(target, target, 0, 10, 10, 100, STABLE_WINDOW, Duration.ofSeconds(6), 0, delay);
    }
}
