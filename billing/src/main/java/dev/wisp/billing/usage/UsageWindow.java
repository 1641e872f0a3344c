package dev.wisp.billing.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Lengths of time that usage is summed over; all in UTC. */
public enum UsageWindow {
    MINUTE("minute", ChronoUnit.MINUTES, 60),
    HOUR("hour", ChronoUnit.HOURS, 24),
    DAY("day", ChronoUnit.DAYS, 30),
    /** Summed from days. */
    MONTH("day", ChronoUnit.MONTHS, 12);

    private final String table;
    private final ChronoUnit length;
    private final int defaultCount;

    UsageWindow(String table, ChronoUnit length, int defaultCount) {
        this.table = table;
        this.length = length;
        this.defaultCount = defaultCount;
    }

    /** The table of sums it is read from. */
    String table() {
        return "billing.usage_" + table;
    }

    /** SQL for the start of the window that a row of sums belongs to; the sums' own windows need no arithmetic, row by row. */
    String start() {
        return this == MONTH ? "date_trunc('month', bucket, 'UTC')" : "bucket";
    }

    /** How many windows a question without {@code from} covers. */
    int defaultCount() {
        return defaultCount;
    }

    /** The start of the window that holds the instant. */
    public Instant floor(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        return this == MONTH
                ? time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).toInstant()
                : time.truncatedTo(length).toInstant();
    }

    /** The first start of a window that is not before the instant. */
    Instant ceiling(Instant instant) {
        Instant floor = floor(instant);
        return floor.equals(instant) ? floor : plus(floor, 1);
    }

    public Instant plus(Instant start, int windows) {
        return start.atOffset(ZoneOffset.UTC).plus(windows, length).toInstant();
    }

    /** How many windows lie between two of their starts, rounded up. */
    long count(Instant from, Instant to) {
        return Math.ceilDiv(
                Duration.between(from, to).toSeconds(), length.getDuration().toSeconds());
    }
}
