package dev.wisp.billing.usage;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** What a month comes to, from its days: of a quantity that is used, or of a cost. */
public final class ProjectionPolicy {

    /** Days that are looked back on: each weekday four times. */
    public static final int DAYS_BACK = 28;

    private static final int WEEK = 7;

    private ProjectionPolicy() {}

    /** As much as so far, for each second that is left: right for a steady load, too high or low early in a month. */
    public static BigInteger runRate(BigInteger soFar, Instant from, Instant to, Instant now) {
        BigInteger whole = seconds(from, to);
        BigInteger passed = seconds(from, now).max(BigInteger.ONE);
        return soFar.multiply(whole).divide(passed);
    }

    /**
     * So far, and for what is left of the month what the same weekdays had on average in the last four weeks; days without a record count as 0, days
     * before the first record do not count.
     *
     * @param days by date, whole ones, with what was used of today
     */
    public static BigInteger sameWeekday(BigInteger soFar, Map<LocalDate, BigInteger> days, Instant to, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate end = LocalDate.ofInstant(to, ZoneOffset.UTC);
        BigInteger rest = average(days, today)
                .subtract(days.getOrDefault(today, BigInteger.ZERO))
                .max(BigInteger.ZERO);
        BigInteger projected = soFar.add(rest);
        for (LocalDate day = today.plusDays(1); day.isBefore(end); day = day.plusDays(1)) {
            projected = projected.add(average(days, sameWeekdayBefore(day, today)));
        }
        return projected;
    }

    /** The last day of the weekday that is today or earlier. */
    private static LocalDate sameWeekdayBefore(LocalDate day, LocalDate today) {
        long weeks = Math.ceilDiv(today.until(day, java.time.temporal.ChronoUnit.DAYS), WEEK);
        return day.minusWeeks(weeks);
    }

    private static BigInteger average(Map<LocalDate, BigInteger> days, LocalDate weekday) {
        LocalDate first = days.keySet().stream().min(LocalDate::compareTo).orElse(weekday);
        BigInteger sum = BigInteger.ZERO;
        long count = 0;
        for (int weeks = 1; weeks <= DAYS_BACK / WEEK; weeks++) {
            LocalDate day = weekday.minusWeeks(weeks);
            if (!day.isBefore(first)) {
                sum = sum.add(days.getOrDefault(day, BigInteger.ZERO));
                count++;
            }
        }
        return count == 0 ? days.getOrDefault(weekday, BigInteger.ZERO) : sum.divide(BigInteger.valueOf(count));
    }

    private static BigInteger seconds(Instant from, Instant to) {
        return BigInteger.valueOf(Duration.between(from, to).toSeconds());
    }
}
