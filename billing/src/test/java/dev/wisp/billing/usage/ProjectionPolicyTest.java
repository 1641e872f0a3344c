package dev.wisp.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProjectionPolicyTest {

    private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-12-01T00:00:00Z");

    @Test
    void theRunRateGoesOnAsTheMonthBegan() {
        Instant now = Instant.parse("2026-11-11T00:00:00Z");

        assertThat(ProjectionPolicy.runRate(BigInteger.valueOf(100), FROM, TO, now))
                .isEqualTo(BigInteger.valueOf(300));
    }

    @Test
    void theFirstMomentOfAMonthDoesNotDivideByNothing() {
        assertThat(ProjectionPolicy.runRate(BigInteger.ONE, FROM, TO, FROM)).isEqualTo(BigInteger.valueOf(2_592_000));
    }

    /** 2026-11-22 is a Sunday; Sundays cost 7 and all other days 1. */
    @Test
    void weekendsAreProjectedFromWeekends() {
        Map<LocalDate, BigInteger> costs = new TreeMap<>();
        LocalDate today = LocalDate.of(2026, 11, 23);
        for (LocalDate day = today.minusDays(28); day.isBefore(today); day = day.plusDays(1)) {
            costs.put(day, BigInteger.valueOf(day.getDayOfWeek().getValue() == 7 ? 7 : 1));
        }

        BigInteger projected =
                ProjectionPolicy.sameWeekday(BigInteger.valueOf(50), costs, TO, Instant.parse("2026-11-23T00:00:00Z"));

        // Monday 23 to Monday 30 November: eight days, one of them a Sunday.
        assertThat(projected).isEqualTo(BigInteger.valueOf(50 + 7 + 7));
    }

    @Test
    void withoutAHistoryTodayCountsOnce() {
        Map<LocalDate, BigInteger> costs = Map.of(LocalDate.of(2026, 11, 30), BigInteger.TEN);

        assertThat(ProjectionPolicy.sameWeekday(BigInteger.TEN, costs, TO, Instant.parse("2026-11-30T12:00:00Z")))
                .isEqualTo(BigInteger.TEN);
    }
}
