package dev.wisp.billing.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Exact sums over invocations and over the time of instances without one, in the units of the ledger's columns.
 *
 * @param costPicos of the calls, each by itself
 * @param idleMillicoreMicros processor limit × time idle
 * @param idleMemoryByteMicros memory limit × time idle
 * @param frozenMemoryByteMicros memory limit × time frozen
 */
public record UsageSums(
        BigInteger invocations,
        BigInteger errors,
        BigInteger coldStarts,
        BigInteger queueMicros,
        BigInteger startMicros,
        BigInteger appMicros,
        BigInteger billedMillis,
        BigInteger cpuMicros,
        BigInteger vcpuMillicoreMillis,
        BigInteger memoryByteMillis,
        BigInteger bytesIn,
        BigInteger bytesOut,
        BigInteger costPicos,
        BigInteger idleMillicoreMicros,
        BigInteger idleMemoryByteMicros,
        BigInteger frozenMemoryByteMicros) {

    /** The sums as SQL over a table of sums, in the order in which {@link #of} reads them. */
    static final String SQL =
            "sum(invocations), sum(errors), sum(cold_starts), sum(queue_us), sum(start_us), sum(app_us),"
                    + " sum(billed_ms), sum(cpu_us), sum(vcpu_millicore_ms), sum(memory_byte_ms), sum(bytes_in), sum(bytes_out), sum(cost_picos),"
                    + " sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us)";

    public static final UsageSums NONE = new UsageSums(
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO,
            BigInteger.ZERO);

    /** Reads the columns of a row from {@code at} on. */
    static UsageSums of(@Nullable Object[] row, int at) {
        return new UsageSums(
                integer(row[at]),
                integer(row[at + 1]),
                integer(row[at + 2]),
                integer(row[at + 3]),
                integer(row[at + 4]),
                integer(row[at + 5]),
                integer(row[at + 6]),
                integer(row[at + 7]),
                integer(row[at + 8]),
                integer(row[at + 9]),
                integer(row[at + 10]),
                integer(row[at + 11]),
                integer(row[at + 12]),
                integer(row[at + 13]),
                integer(row[at + 14]),
                integer(row[at + 15]));
    }

    public UsageSums plus(UsageSums other) {
        return new UsageSums(
                invocations.add(other.invocations),
                errors.add(other.errors),
                coldStarts.add(other.coldStarts),
                queueMicros.add(other.queueMicros),
                startMicros.add(other.startMicros),
                appMicros.add(other.appMicros),
                billedMillis.add(other.billedMillis),
                cpuMicros.add(other.cpuMicros),
                vcpuMillicoreMillis.add(other.vcpuMillicoreMillis),
                memoryByteMillis.add(other.memoryByteMillis),
                bytesIn.add(other.bytesIn),
                bytesOut.add(other.bytesOut),
                costPicos.add(other.costPicos),
                idleMillicoreMicros.add(other.idleMillicoreMicros),
                idleMemoryByteMicros.add(other.idleMemoryByteMicros),
                frozenMemoryByteMicros.add(other.frozenMemoryByteMicros));
    }

    /** Postgres' sums of bigint and numeric are numeric, and null over no row; one with decimals would be a defect, and throws. */
    private static BigInteger integer(@Nullable Object value) {
        return value == null ? BigInteger.ZERO : new BigDecimal(value.toString()).toBigIntegerExact();
    }
}
