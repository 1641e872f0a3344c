package dev.wisp.billing.usage;

import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Sums as they appear in answers. Cost, and what is held of memory and processors, are texts, since a reader's floating point would round them.
 *
 * @param vcpuMillicoreMillis processor limit × billed time; vCPU-seconds are this / 1,000,000
 * @param memoryByteMillis memory limit × billed time; GiB-seconds are this / 2³⁰ / 1000
 * @param cost of the calls, each by itself, in units of the currency, exact
 * @param costPicos in 10⁻¹² of it
 * @param idleMillicoreMicros processor limit × time of instances without a call; vCPU-seconds are this / 10⁹
 * @param idleMemoryByteMicros memory limit × that time; GiB-seconds are this / 2³⁰ / 10⁶
 * @param frozenMemoryByteMicros memory limit × time frozen
 */
public record UsageFigures(
        BigInteger invocations,
        BigInteger errors,
        BigInteger coldStarts,
        BigInteger queueMicros,
        BigInteger startMicros,
        BigInteger appMicros,
        BigInteger billedMillis,
        BigInteger cpuMicros,
        String vcpuMillicoreMillis,
        String memoryByteMillis,
        BigInteger bytesIn,
        BigInteger bytesOut,
        String cost,
        String costPicos,
        String idleMillicoreMicros,
        String idleMemoryByteMicros,
        String frozenMemoryByteMicros) {

    public static UsageFigures of(UsageSums sums) {
        return new UsageFigures(
                sums.invocations(),
                sums.errors(),
                sums.coldStarts(),
                sums.queueMicros(),
                sums.startMicros(),
                sums.appMicros(),
                sums.billedMillis(),
                sums.cpuMicros(),
                sums.vcpuMillicoreMillis().toString(),
                sums.memoryByteMillis().toString(),
                sums.bytesIn(),
                sums.bytesOut(),
                Money.decimal(new BigDecimal(sums.costPicos(), 12)),
                sums.costPicos().toString(),
                sums.idleMillicoreMicros().toString(),
                sums.idleMemoryByteMicros().toString(),
                sums.frozenMemoryByteMicros().toString());
    }
}
