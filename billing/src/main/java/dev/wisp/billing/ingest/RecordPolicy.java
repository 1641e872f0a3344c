package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.IdDay;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a decoded record can be a record at all. Whatever passes fits the ledger's columns, so that one strange value cannot make
 * a whole batch fail again and again.
 */
final class RecordPolicy {

    /** Clocks of two machines may differ; by minutes more than any that are kept in step do. */
    static final Duration FUTURE_MAX = Duration.ofMinutes(5);

    /** Longest duration a record may hold: far past any timeout, and short enough that sums and products stay exact. */
    static final long MICROS_MAX = Duration.ofDays(400).toMillis() * 1_000;

    static final long MEMORY_BYTES_MAX = 1L << 44;
    private static final long BODY_BYTES_MAX = 1L << 60;
    private static final int STATUS_MAX = 999;

    private RecordPolicy() {}

    /** Why the record is refused, whatever its date; null when it is good. */
    static @Nullable String refusal(InvocationRecord record) {
        if (isBeyond(record.queueMicros(), MICROS_MAX)
                || isBeyond(record.startMicros(), MICROS_MAX)
                || isBeyond(record.appMicros(), MICROS_MAX)
                || isBeyond(record.cpuMicros(), MICROS_MAX)) {
            return "queue=%d, start=%d, app=%d, cpu=%d µs, must be 0..%d"
                    .formatted(
                            record.queueMicros(),
                            record.startMicros(),
                            record.appMicros(),
                            record.cpuMicros(),
                            MICROS_MAX);
        }
        return sizeRefusal(record);
    }

    /**
     * Whether that can be the time of what arrives now; of what has another, the clock that dated it was wrong.
     *
     * @param atMicros microseconds since 1970 UTC
     * @param ageMax oldest that is believed
     */
    static boolean isDated(UUID id, long atMicros, Duration ageMax, Instant now) {
        return isBetween(atMicros, ageMax, now)
                && Math.abs(ChronoUnit.DAYS.between(IdDay.of(id, atMicros), IdDay.received(atMicros))) <= 1;
    }

    static boolean isBetween(long atMicros, Duration ageMax, Instant now) {
        return atMicros >= micros(now.minus(ageMax)) && atMicros <= micros(now.plus(FUTURE_MAX));
    }

    private static @Nullable String sizeRefusal(InvocationRecord record) {
        if (record.cpuMillicores() < 0) {
            return "cpuMillicores=%d, must be >= 0".formatted(record.cpuMillicores());
        }
        if (isBeyond(record.memoryBytes(), MEMORY_BYTES_MAX) || isBeyond(record.memoryPeakBytes(), MEMORY_BYTES_MAX)) {
            return "memory=%d, peak=%d bytes, must be 0..%d"
                    .formatted(record.memoryBytes(), record.memoryPeakBytes(), MEMORY_BYTES_MAX);
        }
        if (isBeyond(record.bytesIn(), BODY_BYTES_MAX) || isBeyond(record.bytesOut(), BODY_BYTES_MAX)) {
            return "in=%d, out=%d bytes, must be 0..%d".formatted(record.bytesIn(), record.bytesOut(), BODY_BYTES_MAX);
        }
        if (record.billedMillis() < 0 || record.billedMillis() > MICROS_MAX / 1_000 || record.costPicos() < 0) {
            return "billedMillis=%d, costPicos=%d, must be >= 0 and the time at most %d"
                    .formatted(record.billedMillis(), record.costPicos(), MICROS_MAX / 1_000);
        }
        if (record.status() < 0 || record.status() > STATUS_MAX) {
            return "status=%d, must be 0..%d".formatted(record.status(), STATUS_MAX);
        }
        return textRefusal(record);
    }

    /** Postgres cannot store the character 0 in a text, and a name with control characters names nothing. */
    private static @Nullable String textRefusal(InvocationRecord record) {
        boolean good = isPrintable(record.account())
                && isPrintable(record.revision().namespace())
                && isPrintable(record.revision().name())
                && isPrintable(record.service())
                && isPrintable(record.instanceId())
                && isPrintable(record.nodeId())
                && isPrintable(record.method());
        if (!good) {
            return "a name has control characters";
        }
        return record.account().isEmpty() || record.service().isEmpty() ? "account or service is empty" : null;
    }

    /** Loops and no streams: of every record's way into the ledger, a quarter was spent in theirs. */
    static boolean isPrintable(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isISOControl(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    static boolean isBeyond(long figure, long most) {
        return figure < 0 || figure > most;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
