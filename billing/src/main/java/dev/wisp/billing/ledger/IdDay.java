package dev.wisp.billing.ledger;

import java.time.LocalDate;
import java.util.UUID;

/** The day a record is filed under, taken from its id so that two records of one id always meet in the same partition. */
public final class IdDay {

    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final long MICROS_PER_DAY = MILLIS_PER_DAY * 1_000;
    private static final int TIME_ORDERED = 7;

    private IdDay() {}

    /** The UTC day inside a UUIDv7; the day it was received for any other id, which then has to come with the record. */
    public static LocalDate of(UUID id, long receivedAtMicros) {
        return isTimeOrdered(id) ? ofTimeOrdered(id) : received(receivedAtMicros);
    }

    /** Whether the id says its day itself. */
    public static boolean isTimeOrdered(UUID id) {
        return id.version() == TIME_ORDERED && id.variant() == 2;
    }

    public static LocalDate ofTimeOrdered(UUID id) {
        return LocalDate.ofEpochDay((id.getMostSignificantBits() >>> 16) / MILLIS_PER_DAY);
    }

    public static LocalDate received(long receivedAtMicros) {
        return LocalDate.ofEpochDay(Math.floorDiv(receivedAtMicros, MICROS_PER_DAY));
    }
}
