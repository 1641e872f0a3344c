package dev.wisp.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.budget.Threshold.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetPolicyTest {

    private static final Budget BUDGET =
            ToldBudget.of("team", null, new BigDecimal("0.50"), List.of(100, 50, 80, 50), List.of(100));
    private static final Duration LATE = Duration.ofDays(10);

    @Test
    void isSilentToThePicoBelowAThreshold() {
        assertThat(BudgetPolicy.crossed(BUDGET, picos(249_999_999_999L), BigInteger.ZERO, LATE, Set.of()))
                .isEmpty();
        assertThat(BudgetPolicy.crossed(BUDGET, picos(250_000_000_000L), BigInteger.ZERO, LATE, Set.of()))
                .containsExactly(new Threshold(Kind.ACTUAL, 50));
    }

    @Test
    void tellsOfEachThresholdOnce() {
        Set<Threshold> told = Set.of(new Threshold(Kind.ACTUAL, 50));

        assertThat(BudgetPolicy.crossed(BUDGET, picos(600_000_000_000L), picos(700_000_000_000L), LATE, told))
                .containsExactly(
                        new Threshold(Kind.ACTUAL, 80),
                        new Threshold(Kind.ACTUAL, 100),
                        new Threshold(Kind.FORECAST, 100));
    }

    @Test
    void doesNotForecastFromAMonthThatHasJustBegun() {
        BigInteger huge = picos(Long.MAX_VALUE);

        assertThat(BudgetPolicy.crossed(BUDGET, BigInteger.ZERO, huge, Duration.ofHours(23), Set.of()))
                .isEmpty();
        assertThat(BudgetPolicy.crossed(BUDGET, BigInteger.ZERO, huge, Duration.ofHours(24), Set.of()))
                .containsExactly(new Threshold(Kind.FORECAST, 100));
    }

    @Test
    void waitsLongerAfterEachTryUpToABound() {
        List<Duration> delays =
                IntStream.rangeClosed(1, 100).mapToObj(BudgetPolicy::retryAfter).toList();

        assertThat(delays).isSorted().first().isEqualTo(Duration.ofSeconds(1));
        assertThat(delays).last().isEqualTo(Duration.ofHours(4));
    }

    private static BigInteger picos(long value) {
        return BigInteger.valueOf(value);
    }
}
