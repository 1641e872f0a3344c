package dev.wisp.gateway.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailurePolicyTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, RETRY",
        "1, 0, 3, RETRY",
        "2, 0, 0, FAIL_HELD",
        "2, 0, 1, WAIT",
        "5, 0, 0, FAIL_HELD",
        "1, 1, 0, WAIT",
        "5, 1, 0, WAIT",
        "5, 1, 2, WAIT",
    })
    void failsHeldRequestsOnlyWhenNothingElseCanServeThem(
            int failures, int live, int starting, FailurePolicy.Verdict expected) {
        assertThat(FailurePolicy.decide(failures, live, starting)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1,0,1,false", "2,0,1,true", "2,0,0,false", "2,1,1,false"})
    void holdsStartsBackWhileTheLastOnesDecide(int failures, int live, int starting, boolean expected) {
        assertThat(FailurePolicy.isHeldBack(failures, live, starting)).isEqualTo(expected);
    }

    @Test
    void backsOffFromTwentyMillisecondsToTwoSeconds() {
        assertThat(BackoffPolicy.delayNanos(1, 0)).isEqualTo(10_000_000);
        assertThat(BackoffPolicy.delayNanos(2, 0)).isEqualTo(20_000_000);
        assertThat(BackoffPolicy.delayNanos(7, 0)).isEqualTo(640_000_000);
        assertThat(BackoffPolicy.delayNanos(8, 0)).isEqualTo(1_000_000_000);
        assertThat(BackoffPolicy.delayNanos(1_000_000, 0.999)).isLessThanOrEqualTo(2_000_000_000);
    }
}
