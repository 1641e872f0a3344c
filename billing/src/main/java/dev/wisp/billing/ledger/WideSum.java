package dev.wisp.billing.ledger;

import java.math.BigInteger;

/** A sum of 128 bits: of as many numbers and products of two numbers as a batch has, and without an object for each. Not thread-safe. */
final class WideSum {

    private long high;
    private long low;

    void add(long value) {
        add(value >> 63, value);
    }

    void addProduct(long one, long other) {
        add(Math.multiplyHigh(one, other), one * other);
    }

    BigInteger value() {
        BigInteger unsigned = BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(64).add(unsigned);
    }

    private void add(long highPart, long lowPart) {
        low += lowPart;
        high += highPart + (Long.compareUnsigned(low, lowPart) < 0 ? 1 : 0);
    }
}
