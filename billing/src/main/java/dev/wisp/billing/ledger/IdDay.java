package dev.wisp.billing.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/** The day a record is filed under, taken from its id so that two records of one id always meet in the same partition. */
public final class IdDay {

    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final long MICROS_PER_DAY = MILLIS_PER_DAY * 1_000;
    private static final int TIME_ORDERED = 7;
    private static final int MILLIS_SHIFT = 16;
    private static final long BELOW_MILLIS = (1L << MILLIS_SHIFT) - 1;

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
        return LocalDate.ofEpochDay((id.getMostSignificantBits() >>> MILLIS_SHIFT) / MILLIS_PER_DAY);
    }

    /** The id with this time in it; one that holds no time as it is. Its random bits stay, so that two ids of one time differ. */
    public static UUID at(UUID id, Instant time) {
        return isTimeOrdered(id)
                ? new UUID(
                        (time.toEpochMilli() << MILLIS_SHIFT) | (id.getMostSignificantBits() & BELOW_MILLIS),
                        id.getLeastSignificantBits())
                : id;
    }

    public static LocalDate received(long receivedAtMicros) {
        return LocalDate.ofEpochDay(Math.floorDiv(receivedAtMicros, MICROS_PER_DAY));
    }
}
