package dev.wisp.billing.rating;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One step of a price.
 *
 * @param upTo the last base unit of the step, counted from the first that is not free; null for all the rest
 * @param unitPicos 10⁻¹² of the currency for each priced unit
 */
public record Tier(@Nullable BigInteger upTo, long unitPicos) {

    public Tier {
        if (unitPicos < 0 || (upTo != null && upTo.signum() <= 0)) {
            throw new IllegalArgumentException(
                    "tier upTo=%s unitPicos=%d, must be > 0 and >= 0".formatted(upTo, unitPicos));
        }
    }
}
