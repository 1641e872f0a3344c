package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.sandbox.PoolPolicy.Observed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoolPolicyTest {

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 2", "5, 5", "8, 8", "500, 8"})
    void holdsAsManyAsWereStartedInTheLastSecondWithinBounds(int startsLately, int target) {
        assertThat(PoolPolicy.target(2, 8, new Observed(0, 0, startsLately))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "idle and full, 2, 0, 0, false",
        "idle and short, 1, 0, 0, true",
        "a start is under way, 1, 1, 0, false",
        "a start is under way and nothing is left, 0, 1, 0, true",
        "after a burst, 4, 0, 20, true",
        "after a burst and full, 8, 0, 20, false",
    })
    void refills(String name, int parked, int starting, int startsLately, boolean expected) {
        assertThat(PoolPolicy.refills(2, 8, new Observed(parked, starting, startsLately)))
                .as(name)
                .isEqualTo(expected);
    }
}
