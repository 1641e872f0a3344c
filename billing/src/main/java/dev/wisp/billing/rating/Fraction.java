package dev.wisp.billing.rating;

import java.math.BigInteger;

/**
 * An exact amount: sums and products never round, so that the order in which a bill is added up cannot change it. Kept in lowest terms,
 * so that equal amounts are equal.
 *
 * @param denominator above 0
 */
public record Fraction(BigInteger numerator, BigInteger denominator) {

    public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

    public Fraction {
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("denominator=%s, must be > 0".formatted(denominator));
        }
        BigInteger divisor = numerator.gcd(denominator);
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    public static Fraction of(BigInteger whole) {
        return new Fraction(whole, BigInteger.ONE);
    }

    public static Fraction of(long whole) {
        return of(BigInteger.valueOf(whole));
    }

    public Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    public Fraction minus(Fraction other) {
        return plus(new Fraction(other.numerator.negate(), other.denominator));
    }

    public Fraction times(BigInteger factor) {
        return new Fraction(numerator.multiply(factor), denominator);
    }

    public Fraction dividedBy(BigInteger divisor) {
        return new Fraction(numerator, denominator.multiply(divisor));
    }

    public int signum() {
        return numerator.signum();
    }

    /** The nearest whole number; one halfway between two goes to the even one, so that many halves do not add up to a bias. */
    public BigInteger roundHalfEven() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        int half = parts[1].abs().shiftLeft(1).compareTo(denominator);
        boolean away = half > 0 || (half == 0 && parts[0].testBit(0));
        return away ? parts[0].add(BigInteger.valueOf(numerator.signum())) : parts[0];
    }
}
