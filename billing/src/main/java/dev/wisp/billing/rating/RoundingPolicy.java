package dev.wisp.billing.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;

/** The only place where money is rounded: an exact amount becomes the amount of an invoice line, in the currency's minor unit. */
public final class RoundingPolicy {

    private static final int PICO_DIGITS = 12;

    private RoundingPolicy() {}

    /** Half to even: 2 decimals for USD, none for JPY, 3 for KWD. */
    public static BigDecimal line(String currency, Fraction picos) {
        int digits = minorDigits(currency);
        BigInteger minor =
                picos.dividedBy(BigInteger.TEN.pow(PICO_DIGITS - digits)).roundHalfEven();
        return new BigDecimal(minor, digits);
    }

    /** Decimals of the currency's minor unit. */
    public static int minorDigits(String currency) {
        return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    }
}
