package dev.wisp.billing.usage;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** What a month is going to cost, from what its days have cost. */
public final class ProjectionPolicy {

    /** Days that are looked back on: each weekday four times. */
    static final int DAYS_BACK = 28;

    private static final int WEEK = 7;

    private ProjectionPolicy() {}

    /** As much as so far, for each second that is left: right for a steady load, too high or low early in a month. */
    public static BigInteger runRate(BigInteger soFar, Instant from, Instant to, Instant now) {
        BigInteger whole = seconds(from, to);
        BigInteger passed = seconds(from, now).max(BigInteger.ONE);
        return soFar.multiply(whole).divide(passed);
    }

    /**
     * What is left of the month at what the same weekdays cost on average in the last four weeks; days without a record count as 0, days
     * before the first record do not count.
     *
     * @param costs of whole days by date, with what was used of today
     */
    static BigInteger sameWeekday(BigInteger soFar, Map<LocalDate, BigInteger> costs, Instant to, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate end = LocalDate.ofInstant(to, ZoneOffset.UTC);
        BigInteger rest = average(costs, today)
                .subtract(costs.getOrDefault(today, BigInteger.ZERO))
                .max(BigInteger.ZERO);
        BigInteger projected = soFar.add(rest);
        for (LocalDate day = today.plusDays(1); day.isBefore(end); day = day.plusDays(1)) {
            projected = projected.add(average(costs, sameWeekdayBefore(day, today)));
        }
        return projected;
    }

    /** The last day of the weekday that is today or earlier. */
    private static LocalDate sameWeekdayBefore(LocalDate day, LocalDate today) {
        long weeks = Math.ceilDiv(today.until(day, java.time.temporal.ChronoUnit.DAYS), WEEK);
        return day.minusWeeks(weeks);
    }

    private static BigInteger average(Map<LocalDate, BigInteger> costs, LocalDate weekday) {
        LocalDate first = costs.keySet().stream().min(LocalDate::compareTo).orElse(weekday);
        BigInteger sum = BigInteger.ZERO;
        long count = 0;
        for (int weeks = 1; weeks <= DAYS_BACK / WEEK; weeks++) {
            LocalDate day = weekday.minusWeeks(weeks);
            if (!day.isBefore(first)) {
                sum = sum.add(costs.getOrDefault(day, BigInteger.ZERO));
                count++;
            }
        }
        return count == 0 ? costs.getOrDefault(weekday, BigInteger.ZERO) : sum.divide(BigInteger.valueOf(count));
    }

    private static BigInteger seconds(Instant from, Instant to) {
        return BigInteger.valueOf(Duration.between(from, to).toSeconds());
    }
}
