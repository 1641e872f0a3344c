package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Cuts a quantity into the free part and the steps it falls into. */
final class TierPolicy {

    private TierPolicy() {}

    /**
     * A stretch of the period's units, for when prices change inside a period: the allowance and the steps go on where the last version
     * left them, so that a change of prices never grants the free part twice.
     *
     * @param before units of the period that came earlier
     * @param quantity units now
     * @param total units of the whole period, which decides a volume price
     */
    static List<RatedPart> parts(
            Meter meter, MeterPrice price, BigInteger before, BigInteger quantity, BigInteger total) {
        BigInteger end = before.add(quantity);
        List<RatedPart> parts = new ArrayList<>();
        add(parts, meter, before, end.min(price.free()), 0);
        BigInteger billedFrom = before.subtract(price.free()).max(BigInteger.ZERO);
        BigInteger billedTo = end.subtract(price.free());
        switch (price.mode()) {
            case GRADUATED -> graduated(parts, meter, price.tiers(), billedFrom, billedTo);
            case VOLUME ->
                add(
                        parts,
                        meter,
                        billedFrom,
                        billedTo,
                        tier(price.tiers(), total.subtract(price.free())).unitPicos());
        }
        return parts;
    }

    private static void graduated(
            List<RatedPart> parts, Meter meter, List<Tier> tiers, BigInteger from, BigInteger to) {
        BigInteger start = from;
        for (Tier tier : tiers) {
            BigInteger upTo = tier.upTo();
            BigInteger end = upTo == null ? to : to.min(upTo);
            add(parts, meter, start, end, tier.unitPicos());
            start = start.max(end);
        }
    }

    private static Tier tier(List<Tier> tiers, BigInteger quantity) {
        return tiers.stream()
                .filter(tier -> {
                    BigInteger upTo = tier.upTo();
                    return upTo == null || quantity.compareTo(upTo) <= 0;
                })
                .findFirst()
                .orElseThrow();
    }

    private static void add(List<RatedPart> parts, Meter meter, BigInteger from, BigInteger to, long unitPicos) {
        if (from.compareTo(to) < 0) {
            parts.add(RatedPart.of(meter, to.subtract(from), unitPicos));
        }
    }
}
