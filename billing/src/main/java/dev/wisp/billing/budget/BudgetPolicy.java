package dev.wisp.billing.budget;

import dev.wisp.billing.budget.Threshold.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which thresholds are to be told of, and when a message that was not taken is sent again. */
final class BudgetPolicy {

    /** A forecast in the first day of a month is a guess about the rest from almost nothing. */
    static final Duration FORECAST_FROM = Duration.ofDays(1);

    /** With the delays below, given up after two and a half days. */
    static final int ATTEMPTS_MAX = 20;

    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofHours(4);
    private static final int PICO_DIGITS = 12;

    private BudgetPolicy() {}

    /**
     * @param passed of the month
     * @param told this month already
     */
    static List<Threshold> crossed(
            Budget budget, BigInteger spentPicos, BigInteger forecastPicos, Duration passed, Set<Threshold> told) {
        List<Threshold> found = new ArrayList<>();
        add(found, Kind.ACTUAL, budget.actual(), budget.amount(), spentPicos);
        if (passed.compareTo(FORECAST_FROM) >= 0) {
            add(found, Kind.FORECAST, budget.forecast(), budget.amount(), forecastPicos);
        }
        found.removeAll(told);
        return found;
    }

    /** Doubles from a second to four hours; whoever calls adds what keeps many from coming at once. */
    static Duration retryAfter(int attempts) {
        int doublings = Math.min(Math.max(attempts - 1, 0), 30);
        Duration delay = RETRY_FIRST.multipliedBy(1L << doublings);
        return delay.compareTo(RETRY_MAX) < 0 ? delay : RETRY_MAX;
    }

    private static void add(
            List<Threshold> found, Kind kind, List<Integer> percents, BigDecimal amount, BigInteger picos) {
        for (int percent : percents) {
            BigDecimal limit = amount.movePointRight(PICO_DIGITS - 2).multiply(BigDecimal.valueOf(percent));
            if (new BigDecimal(picos).compareTo(limit) >= 0) {
                found.add(new Threshold(kind, percent));
            }
        }
    }
}
