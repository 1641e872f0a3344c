package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.List;

/**
 * One meter of a period under one version of the prices.
 *
 * @param quantity in base units, the sum of the parts
 * @param listPicos before discount, exact
 * @param netPicos after discount, exact
 */
public record RatedLine(
        int version, Meter meter, BigInteger quantity, List<RatedPart> parts, Fraction listPicos, Fraction netPicos) {

    public RatedLine {
        parts = List.copyOf(parts);
    }
}
