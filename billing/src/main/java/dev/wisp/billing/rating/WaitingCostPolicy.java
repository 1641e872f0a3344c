package dev.wisp.billing.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;

/**
 * What the time of instances without a call costs at the list's prices, as a call's own cost is at the list's: before free parts, steps, discounts
 * and all that only a month has. Exact; a version without a price for it costs nothing.
 */
public final class WaitingCostPolicy {

    /** Of sums in microseconds in a meter's base unit, which is of milliseconds. */
    private static final BigInteger MICROS = BigInteger.valueOf(1_000);

    private WaitingCostPolicy() {}

    /**
     * Of a row of sums.
     *
     * @param terms of every version that there is
     * @param version of the prices that the row's time was recorded under
     * @param millicoreMicros processor limit × time idle, whole
     * @param memoryByteMicros memory limit × time idle or frozen, whole
     */
    public static Fraction picos(
            Map<Integer, PriceTerms> terms, int version, BigDecimal millicoreMicros, BigDecimal memoryByteMicros) {
        return picos(
                Objects.requireNonNull(terms.get(version)),
                millicoreMicros.toBigIntegerExact(),
                memoryByteMicros.toBigIntegerExact());
    }

    /**
     * @param millicoreMicros processor limit × time idle
     * @param memoryByteMicros memory limit × time idle or frozen
     */
    static Fraction picos(PriceTerms terms, BigInteger millicoreMicros, BigInteger memoryByteMicros) {
        return picos(terms, Meter.IDLE_VCPU_TIME, millicoreMicros)
                .plus(picos(terms, Meter.IDLE_MEMORY_TIME, memoryByteMicros));
    }

    private static Fraction picos(PriceTerms terms, Meter meter, BigInteger micros) {
        MeterPrice price = terms.meters().get(meter);
        return price == null
                ? Fraction.ZERO
                : new Fraction(
                        micros.multiply(BigInteger.valueOf(price.listPicos())),
                        meter.baseUnitsPerUnit().multiply(MICROS));
    }
}
