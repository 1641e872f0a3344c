package dev.wisp.contracts.price;

import java.time.Instant;

/**
 * One version of the prices; a record keeps the version it was rated with. Amounts are picos: 10⁻¹² units of the currency. Nano-units
 * would round the memory of a 1 ms call at 128 MiB (312.5 picos) to nothing.
 *
 * @param version grows with every change
 * @param currency ISO 4217 code
 * @param perRequestPicos for each billed invocation
 * @param perCpuSecondPicos for a second of measured processor time
 * @param perVcpuSecondPicos for a processor of the limit held for a second of billed time; 0 when a writer of before there was this price
 *     left it out
 * @param perGibSecondPicos for a GiB of memory limit held for a second of billed time
 * @param perEgressGbPicos for 10⁹ bytes of answers; 0 when a writer of before there was this price left it out
 * @param incrementMillis billed time is rounded up to a multiple of this
 * @param startBilled whether waiting for the instance's start counts as billed time
 */
public record PriceBook(
        int version,
        String currency,
        Instant effectiveFrom,
        long perRequestPicos,
        long perCpuSecondPicos,
        long perVcpuSecondPicos,
        long perGibSecondPicos,
        long perEgressGbPicos,
        long incrementMillis,
        boolean startBilled) {

    /**
     * The first price book: 0.20 USD per million requests, 0.000024 USD per processor second used, nothing for processors held,
     * 0.0000025 USD per GiB second, answers for nothing; time in steps of 1 ms; starts are free.
     */
    public static final PriceBook DEFAULT =
            new PriceBook(1, "USD", Instant.EPOCH, 200_000, 24_000_000, 0, 2_500_000, 0, 1, false);

    public PriceBook {
        boolean negative = perRequestPicos < 0
                || perCpuSecondPicos < 0
                || perVcpuSecondPicos < 0
                || perGibSecondPicos < 0
                || perEgressGbPicos < 0;
        if (negative || incrementMillis < 1) {
            throw new IllegalArgumentException(
                    "price book version=%d: prices must be >= 0, incrementMillis >= 1".formatted(version));
        }
    }
}
