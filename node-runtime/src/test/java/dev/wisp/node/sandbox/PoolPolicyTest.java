package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.sandbox.PoolPolicy.Bounds;
import dev.wisp.node.sandbox.PoolPolicy.Observed;
import dev.wisp.node.sandbox.PoolPolicy.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoolPolicyTest {

    private static final Bounds BOUNDS = new Bounds(2, 8);
    private static final WriteBounds BOUNDS_OF_BOTH = new WriteBounds(1 << 20, 1 << 20);
    private static final ImageRoot HELLO = new ImageRoot(List.of("1"), BOUNDS_OF_BOTH);
    private static final ImageRoot OTHER = new ImageRoot(List.of("2"), BOUNDS_OF_BOTH);
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    @ParameterizedTest
    @CsvSource({"0, 2", "1.2, 2", "4.1, 5", "8, 8", "500, 8"})
    void holdsAsManyAsWereStartedLatelyWithinBounds(double demand, int target) {
        assertThat(PoolPolicy.target(BOUNDS, plain(0, 0, demand))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "idle and full, 2, 0, 0, Wait",
        "idle and short, 1, 0, 0, Park",
        "a start is under way, 1, 1, 0, Wait",
        "a start is under way and nothing is left, 0, 1, 0, Park",
        "after a burst, 4, 0, 20, Park",
        "after a burst and full, 8, 0, 20, Wait",
        "long after a burst, 8, 0, 0.1, Discard",
        "shrunk, 2, 0, 0.1, Wait",
    })
    void followsDemand(String name, int plain, int starting, double demand, String step) {
        assertThat(PoolPolicy.next(BOUNDS, plain(plain, starting, demand))
                        .getClass()
                        .getSimpleName())
                .as(name)
                .isEqualTo(step);
    }

    @Test
    void firstAnswerIsLeftAloneUnlessHalfThePoolIsGone() {
        Duration justNow = Duration.ofNanos(300_000);

        assertThat(PoolPolicy.next(BOUNDS, after(justNow, 7))).isEqualTo(new Step.Wait(Duration.ofNanos(1_700_000)));
        assertThat(PoolPolicy.next(BOUNDS, after(justNow, 4))).isEqualTo(new Step.Park());
        assertThat(PoolPolicy.next(BOUNDS, after(Duration.ofMillis(2), 7))).isEqualTo(new Step.Park());
    }

    @Test
    void mountsImagesInDemandAndKeepsAPlainOneForOthers() {
        Map<ImageRoot, Double> demand = Map.of(HELLO, 4.0);

        assertThat(next(4, Map.of(), demand)).isEqualTo(new Step.Mount(HELLO));
        assertThat(next(2, Map.of(HELLO, 2), demand)).isEqualTo(new Step.Mount(HELLO));
        assertThat(next(1, Map.of(HELLO, 3), demand)).isInstanceOf(Step.Wait.class);
        assertThat(next(0, Map.of(HELLO, 3), demand)).isEqualTo(new Step.Park());
    }

    @Test
    void imageInMoreDemandIsMountedFirstAndNoneTakesTheShareOfAnother() {
        Map<ImageRoot, Double> demand = Map.of(HELLO, 6.0, OTHER, 2.0);

        assertThat(next(8, Map.of(), demand)).isEqualTo(new Step.Mount(HELLO));
        assertThat(next(3, Map.of(HELLO, 5), demand)).isEqualTo(new Step.Mount(OTHER));
        assertThat(next(2, Map.of(HELLO, 5, OTHER, 1), demand)).isInstanceOf(Step.Wait.class);
    }

    @Test
    void imageThatNobodyStartsAnyMoreIsLetGo() {
        assertThat(next(1, Map.of(HELLO, 1), Map.of(HELLO, 0.4))).isEqualTo(new Step.DiscardMounted(HELLO));
        assertThat(next(1, Map.of(HELLO, 1), Map.of())).isEqualTo(new Step.DiscardMounted(HELLO));
        assertThat(next(1, Map.of(HELLO, 1), Map.of(HELLO, 1.5))).isInstanceOf(Step.Wait.class);
    }

    @Test
    void demandHalvesInFiveSeconds() {
        assertThat(PoolPolicy.decayed(8, Duration.ZERO)).isEqualTo(8);
        assertThat(PoolPolicy.decayed(8, Duration.ofSeconds(5))).isEqualTo(4);
        assertThat(PoolPolicy.decayed(8, Duration.ofSeconds(20))).isEqualTo(0.5);
    }

    /** Whatever it begins with, acting on its steps ends in a state between the bounds that it leaves alone: it neither runs away nor goes to and fro. */
    @Test
    void comesToRestWithinBounds() {
        long seed = 20_261_126;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 2_000; round++) {
            Map<ImageRoot, Double> demand = new HashMap<>();
            demand.put(HELLO, random.nextDouble() * 6);
            demand.put(OTHER, random.nextDouble() * 6);
            int plain = random.nextInt(20);
            Map<ImageRoot, Integer> mounted = new HashMap<>();
            mounted.put(HELLO, random.nextInt(10));
            mounted.put(OTHER, random.nextInt(10));

            int steps = 0;
            Step step = next(plain, mounted, demand);
            while (!(step instanceof Step.Wait) && steps < 200) {
                switch (step) {
                    case Step.Park _ -> plain++;
                    case Step.Discard _ -> plain--;
                    case Step.Mount mount -> {
                        plain--;
                        mounted.merge(mount.root(), 1, Integer::sum);
                    }
                    case Step.DiscardMounted one -> mounted.merge(one.root(), -1, Integer::sum);
                    case Step.Wait _ -> throw new AssertionError();
                }
                steps++;
                step = next(plain, mounted, demand);
            }

            int all = plain + mounted.get(HELLO) + mounted.get(OTHER);
            assertThat(steps).as("seed %d, round %d", seed, round).isLessThan(200);
            assertThat(all).as("seed %d, round %d", seed, round).isBetween(2, 8);
            assertThat(plain).as("seed %d, round %d", seed, round).isPositive();
        }
    }

    private static Step next(int plain, Map<ImageRoot, Integer> mounted, Map<ImageRoot, Double> demand) {
        double all = demand.values().stream().mapToDouble(Double::doubleValue).sum();
        return PoolPolicy.next(BOUNDS, new Observed(plain, mounted, 0, LONG_AGO, demand, all));
    }

    private static Observed plain(int plain, int starting, double demand) {
        return new Observed(plain, Map.of(), starting, LONG_AGO, Map.of(), demand);
    }

    private static Observed after(Duration sinceStart, int plain) {
        return new Observed(plain, Map.of(), 0, sinceStart, Map.of(), 8);
    }
}
