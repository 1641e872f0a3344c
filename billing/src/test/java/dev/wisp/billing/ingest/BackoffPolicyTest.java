package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffPolicyTest {

    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(5);

    @Test
    void doublesUpToTheLongestPause() {
        assertThat(BackoffPolicy.pause(1, MIN, MAX, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(BackoffPolicy.pause(2, MIN, MAX, 1)).isEqualTo(Duration.ofMillis(200));
        assertThat(BackoffPolicy.pause(7, MIN, MAX, 1)).isEqualTo(MAX);
        assertThat(BackoffPolicy.pause(1_000_000, MIN, MAX, 1)).isEqualTo(MAX);
    }

    @Test
    void neverPausesLessThanHalf() {
        assertThat(BackoffPolicy.pause(7, MIN, MAX, 0)).isEqualTo(Duration.ofMillis(2_500));
    }
}
