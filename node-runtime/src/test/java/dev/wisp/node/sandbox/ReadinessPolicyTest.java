package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadinessPolicyTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "999_999, 0", "1_000_000, 50_000", "100_000_000, 5_000_000", "10_000_000_000, 20_000_000"})
    void asksAllTheTimeAtFirstAndThenAtATwentiethOfTheTimeTaken(String elapsed, String pause) {
        assertThat(ReadinessPolicy.pauseNanos(number(elapsed))).isEqualTo(number(pause));
    }

    @Test
    void asksASlowStarterABoundedNumberOfTimes() {
        long elapsed = 1_000_000;
        int attempts = 0;
        while (elapsed < 1_000_000_000L) {
            elapsed += ReadinessPolicy.pauseNanos(elapsed);
            attempts++;
        }

        assertThat(attempts).isLessThan(160);
    }

    private static long number(String text) {
        return Long.parseLong(text.replace("_", ""));
    }
}
