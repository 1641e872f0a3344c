package dev.wisp.billing.rating;

import java.math.BigInteger;

/**
 * Units of one price.
 *
 * @param quantity in base units
 * @param unitPicos for a priced unit; 0 for the free part
 * @param picos exact
 */
public record RatedPart(BigInteger quantity, long unitPicos, Fraction picos) {

    static RatedPart of(Meter meter, BigInteger quantity, long unitPicos) {
        return new RatedPart(
                quantity,
                unitPicos,
                new Fraction(quantity.multiply(BigInteger.valueOf(unitPicos)), meter.baseUnitsPerUnit()));
    }
}
