package dev.wisp.contracts.price;

import java.math.BigDecimal;

/** Writes picos for people: plain decimal, no exponent, no trailing zeros beyond the second decimal. */
public final class Money {

    private Money() {}

    /** {@code 200312} picos become {@code 0.000000200312}. */
    public static String decimal(long picos) {
        return decimal(BigDecimal.valueOf(picos, 12));
    }

    public static String decimal(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return (stripped.scale() < 2 ? stripped.setScale(2) : stripped).toPlainString();
    }
}
