package dev.wisp.autoscaler.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowBucketsTest {

    /** Five seconds: the newest weighs 1 - 0.0001^(1/5) = 0.8415, each older one 0.1585 of the one after it. */
    @Test
    void weighsNewerSecondsMore() {
        WindowBuckets window = new WindowBuckets(
                Duration.ofSeconds(5), dev.wisp.contracts.revision.ScalingSpec.Averaging.WEIGHTED_EXPONENTIAL);
        Instant start = Instant.ofEpochSecond(1_000);
        for (int i = 0; i < 5; i++) {
            window.add(start.plusSeconds(i), i + 1);
        }

        assertThat(window.average(start.plusSeconds(4)))
                .isCloseTo(4.812161, org.assertj.core.api.Assertions.within(1e-4));
        assertThat(window.average(start.plusSeconds(20))).isZero();
    }

    /** Over sixty seconds the newest has its least weight, a fifth; a young window counts as it is, undiluted. */
    @Test
    void weighsAYoungWindowAsItIs() {
        WindowBuckets window = new WindowBuckets(
                Duration.ofSeconds(60), dev.wisp.contracts.revision.ScalingSpec.Averaging.WEIGHTED_EXPONENTIAL);
        window.add(Instant.ofEpochSecond(1_000), 10);
        assertThat(window.average(Instant.ofEpochSecond(1_000))).isEqualTo(10);

        window.add(Instant.ofEpochSecond(1_001), 20);

        assertThat(window.average(Instant.ofEpochSecond(1_001)))
                .isCloseTo((20 + 0.8 * 10) / 1.8, org.assertj.core.api.Assertions.within(1e-6));
    }

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final WindowBuckets window = new WindowBuckets(Duration.ofSeconds(5));

    @BeforeEach
    void writeOneToFive() {
        for (int i = 0; i < 5; i++) {
            window.add(at(i), i + 1);
        }
    }

    @Test
    void averagesAFullWindow() {
        assertThat(window.average(at(4))).isEqualTo(3.0);
    }

    @Test
    void leavesOutWhatFellOutOfTheWindow() {
        assertThat(window.average(at(6))).isEqualTo(4.0);
    }

    @Test
    void isZeroAfterAWindowWithoutWrites() {
        assertThat(window.average(at(9))).isZero();
        assertThat(window.average(at(10))).isZero();
    }

    @Test
    void countsAGapBetweenWritesAsZero() {
        window.add(at(6), 91);

        assertThat(window.average(at(6))).isEqualTo(20.6);
    }

    @Test
    void addsALateWriteWithinTheWindow() {
        window.add(at(2), 10);

        assertThat(window.average(at(4))).isEqualTo(5.0);
    }

    @Test
    void ignoresAWriteOlderThanTheWindow() {
        window.add(at(-1), 100);

        assertThat(window.average(at(4))).isEqualTo(3.0);
    }

    @Test
    void startsOverAfterAWindowWithoutWrites() {
        window.add(at(20), 8);

        assertThat(window.average(at(20))).isEqualTo(8.0);
        window.add(at(21), 4);
        assertThat(window.average(at(21))).isEqualTo(6.0);
    }

    @Test
    void replacesOrLeavesOutTheLastBucket() {
        assertThat(window.average(OptionalDouble.of(15))).isEqualTo(5.0);
        assertThat(window.average(OptionalDouble.empty())).isEqualTo(2.5);
    }

    @Test
    void refusesAWindowThatIsNotWholeSeconds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WindowBuckets(Duration.ofMillis(1500)));
    }

    @Test
    void equalsTheNaiveAverageForAnyWrites() {
        long seed = 20_260_101;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        WindowBuckets tested = new WindowBuckets(Duration.ofSeconds(60));
        double[] written = new double[3_000];
        for (int second = 0; second < written.length; second++) {
            double value = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000);
            tested.add(at(second), value);
            written[second] = value;

            int from = Math.max(0, second - 59);
            double sum = 0;
            for (int i = from; i <= second; i++) {
                sum += written[i];
            }
            assertThat(tested.average(at(second)))
                    .as("seed %d, second %d", seed, second)
                    .isCloseTo(sum / (second - from + 1), org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
