package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A record of an instance's time as it appears in answers: the four parts of a stretch that ended at a moment.
 *
 * @param day of the ledger, a part of its key
 * @param at when the stretch ended
 * @param reserved whether the revision holds instances while nobody calls
 * @param priceVersion in force at that moment
 */
public record InstanceTimeView(
        @JsonIgnore LocalDate day,
        UUID timeId,
        Instant at,
        String account,
        String namespace,
        String service,
        String revision,
        String instanceId,
        String nodeId,
        long startMicros,
        long busyMicros,
        long idleMicros,
        long frozenMicros,
        long cpuMicros,
        long callCpuMicros,
        boolean reserved,
        int cpuMillicores,
        long memoryBytes,
        int priceVersion) {

    /** Reads a row of {@link InstanceTimeSql}. */
    static InstanceTimeView of(Object[] row) {
        return new InstanceTimeView(
                LocalDate.parse((String) row[0]),
                UUID.fromString((String) row[1]),
                Instant.EPOCH.plus(number(row[2]), ChronoUnit.MICROS),
                (String) row[3],
                (String) row[4],
                (String) row[5],
                (String) row[6],
                (String) row[7],
                (String) row[8],
                number(row[9]),
                number(row[10]),
                number(row[11]),
                number(row[12]),
                number(row[13]),
                number(row[14]),
                (Boolean) row[15],
                (int) number(row[16]),
                number(row[17]),
                (int) number(row[18]));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
