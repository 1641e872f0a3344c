package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadinessPolicyTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "999_999, 0", "1_000_000, 50_000", "100_000_000, 5_000_000", "10_000_000_000, 20_000_000"})
    void asksAllTheTimeAtFirstAndThenAtATwentiethOfTheTimeTaken(String elapsed, String pause) {
        assertThat(ReadinessPolicy.pauseNanos(number(elapsed), ReadinessPolicy.UNKNOWN))
                .isEqualTo(number(pause));
    }

    @Test
    void asksASlowStarterABoundedNumberOfTimes() {
        long elapsed = 1_000_000;
        int attempts = 0;
        while (elapsed < 1_000_000_000L) {
            elapsed += ReadinessPolicy.pauseNanos(elapsed, ReadinessPolicy.UNKNOWN);
            attempts++;
        }

        assertThat(attempts).isLessThan(160);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 400_000, 270_000",
        "100_000, 400_000, 170_000",
        "260_000, 400_000, 0",
        "0, 110_000, 0",
        "0, 2_000_000_000, 20_000_000",
        "1_749_000_000, 2_000_000_000, 920_000"
    })
    void asksNotBeforeAnImageMayListen(String elapsed, String quickest, String pause) {
        assertThat(ReadinessPolicy.pauseNanos(number(elapsed), number(quickest)))
                .isEqualTo(number(pause));
    }

    @Test
    void takesAnImageForSlowerOnlyStepByStep() {
        assertThat(ReadinessPolicy.quickest(ReadinessPolicy.UNKNOWN, 500, true)).isEqualTo(500);
        assertThat(ReadinessPolicy.quickest(160, 150, true)).isEqualTo(150);
        assertThat(ReadinessPolicy.quickest(160, 5_000, true)).isEqualTo(170);
        assertThat(ReadinessPolicy.quickest(160, 158, false)).isEqualTo(120);
    }

    /** What was taken for the program's time was the sleep's own, which then never became shorter. */
    @ParameterizedTest
    @CsvSource({"0", "80_000", "150_000", "300_000"})
    void sleepsThatLastLongerThanAskedForDoNotFeedThemselves(String overslept) {
        long program = 300_000;
        long quickest = 2_000_000;
        int late = 0;
        for (int start = 0; start < 1_000; start++) {
            long pause = ReadinessPolicy.pauseNanos(0, quickest);
            long looked = pause == 0 ? 0 : pause + number(overslept);
            boolean tooEarly = looked < program;
            late += start >= 100 && !tooEarly ? 1 : 0;
            quickest = ReadinessPolicy.quickest(quickest, Math.max(program, looked), tooEarly);
        }

        assertThat(late).isLessThan(900 / 4);
    }

    private static long number(String text) {
        return Long.parseLong(text.replace("_", ""));
    }
}
