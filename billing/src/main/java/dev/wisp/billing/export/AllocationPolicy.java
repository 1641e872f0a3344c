package dev.wisp.billing.export;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Shares an amount out over what it was charged for, so that the shares add up to exactly the amount. */
final class AllocationPolicy {

    private static final int DIGITS = 12;

    private AllocationPolicy() {}

    /**
     * Each share is the difference of two rounded running sums: off by less than a pico, and never drifting.
     *
     * @param quantities of each, at least one above 0
     */
    static List<BigDecimal> shares(BigDecimal amount, List<BigInteger> quantities) {
        BigDecimal total = new BigDecimal(quantities.stream().reduce(BigInteger.ZERO, BigInteger::add));
        List<BigDecimal> shares = new ArrayList<>();
        BigInteger running = BigInteger.ZERO;
        BigDecimal before = BigDecimal.ZERO;
        for (BigInteger quantity : quantities) {
            running = running.add(quantity);
            BigDecimal after = amount.multiply(new BigDecimal(running)).divide(total, DIGITS, RoundingMode.HALF_EVEN);
            shares.add(after.subtract(before));
            before = after;
        }
        return shares;
    }
}
