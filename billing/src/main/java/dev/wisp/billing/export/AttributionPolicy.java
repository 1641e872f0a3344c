package dev.wisp.billing.export;

import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says who used what a line was billed for, and how much of it nobody can be named for any more. */
final class AttributionPolicy {

    /**
     * @param quantity in base units of the meter, above 0
     * @param usage null of what was used by whom and when is not known
     */
    record Part(BigInteger quantity, @Nullable HourUsage usage) {}

    private AttributionPolicy() {}

    /**
     * Parts that add up to the quantity, exactly. Where retention dropped records, the rest is a part of its own. Where there are more records
     * than were billed, as there may be of an invoice from before it named what it counts, none of them can be told from the others: all is the
     * rest.
     *
     * @param billed of the meter under one version of the prices, above 0
     * @param usage of that version
     */
    static List<Part> parts(Meter meter, BigInteger billed, List<HourUsage> usage) {
        List<Part> parts = new ArrayList<>();
        BigInteger rest = billed;
        for (HourUsage one : usage) {
            if (one.of(meter).signum() > 0) {
                parts.add(new Part(one.of(meter), one));
                rest = rest.subtract(one.of(meter));
            }
        }
        if (rest.signum() < 0) {
            return List.of(new Part(billed, null));
        }
        if (rest.signum() > 0) {
            parts.add(new Part(rest, null));
        }
        return parts;
    }
}
