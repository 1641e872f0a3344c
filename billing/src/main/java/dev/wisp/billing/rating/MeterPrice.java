package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.List;

/**
 * The price of one meter over a billing period.
 *
 * @param free base units of each period that cost nothing
 * @param tiers by rising {@code upTo}; the last is without one
 * @param discountBasisPoints taken off, in hundredths of a percent, 0..10000
 */
public record MeterPrice(TierMode mode, BigInteger free, List<Tier> tiers, int discountBasisPoints) {

    /** More steps than any price list has. */
    public static final int TIERS_MAX = 50;

    public static final int WHOLE_BASIS_POINTS = 10_000;

    public MeterPrice {
        tiers = List.copyOf(tiers);
        if (free.signum() < 0) {
            throw new IllegalArgumentException("free=%s, must be >= 0".formatted(free));
        }
        if (discountBasisPoints < 0 || discountBasisPoints > WHOLE_BASIS_POINTS) {
            throw new IllegalArgumentException(
                    "discountBasisPoints=%d, must be 0..%d".formatted(discountBasisPoints, WHOLE_BASIS_POINTS));
        }
        requireRising(tiers);
    }

    /** One price for every unit. */
    public static MeterPrice flat(long unitPicos) {
        return flat(unitPicos, BigInteger.ZERO);
    }

    /** One price for every unit past those that are free. */
    public static MeterPrice flat(long unitPicos, BigInteger free) {
        return new MeterPrice(TierMode.GRADUATED, free, List.of(new Tier(null, unitPicos)), 0);
    }

    /** Of a unit before free parts, steps and discounts: the first price that is not nothing, 0 when there is none. */
    public long listPicos() {
        return tiers.stream()
                .mapToLong(Tier::unitPicos)
                .filter(picos -> picos > 0)
                .findFirst()
                .orElse(0);
    }

    private static void requireRising(List<Tier> tiers) {
        if (tiers.isEmpty() || tiers.size() > TIERS_MAX) {
            throw new IllegalArgumentException("%d tiers, must be 1..%d".formatted(tiers.size(), TIERS_MAX));
        }
        BigInteger last = BigInteger.ZERO;
        for (Tier tier : tiers.subList(0, tiers.size() - 1)) {
            BigInteger upTo = tier.upTo();
            if (upTo == null || upTo.compareTo(last) <= 0) {
                throw new IllegalArgumentException("tier upTo=%s after %s, must rise".formatted(upTo, last));
            }
            last = upTo;
        }
        if (tiers.getLast().upTo() != null) {
            throw new IllegalArgumentException(
                    "last tier upTo=%s, must be open".formatted(tiers.getLast().upTo()));
        }
    }
}
