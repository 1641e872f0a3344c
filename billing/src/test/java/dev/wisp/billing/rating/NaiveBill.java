package dev.wisp.billing.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what was used at every bound there is and prices each piece by looking its step up: slow, in decimals, and with nothing clever in it. It shares
 * no code with the rating.
 *
 * @param lines picos by version and meter, such as {@code 2/EGRESS}
 * @param used picos of all lines
 * @param net picos of the period, with minimum and fee
 */
public record NaiveBill(Map<String, BigDecimal> lines, BigDecimal used, BigDecimal net) {

    public static NaiveBill of(List<PeriodUsage> usage) {
        Map<String, BigDecimal> lines = new HashMap<>();
        for (Meter meter : Meter.values()) {
            BigDecimal period = BigDecimal.ZERO;
            for (PeriodUsage one : usage) {
                period = period.add(new BigDecimal(one.quantities().of(meter)));
            }
            BigDecimal position = BigDecimal.ZERO;
            for (PeriodUsage one : usage) {
                BigDecimal end = position.add(new BigDecimal(one.quantities().of(meter)));
                MeterPrice price = one.terms().meters().get(meter);
                if (price != null && end.compareTo(position) > 0) {
                    lines.put(one.terms().version() + "/" + meter, walk(meter, price, position, end, period));
                }
                position = end;
            }
        }
        BigDecimal used = lines.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new NaiveBill(lines, used, net(usage.getLast().terms(), used));
    }

    private static BigDecimal net(PriceTerms terms, BigDecimal used) {
        return used.max(BigDecimal.valueOf(terms.minimumPicos())).add(BigDecimal.valueOf(terms.feePicos()));
    }

    private static BigDecimal walk(Meter meter, MeterPrice price, BigDecimal from, BigDecimal to, BigDecimal period) {
        BigDecimal free = new BigDecimal(price.free());
        List<BigDecimal> bounds = new ArrayList<>(List.of(free));
        price.tiers().forEach(tier -> addBound(bounds, free, tier.upTo()));
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal at = from;
        while (at.compareTo(to) < 0) {
            BigDecimal next = to;
            for (BigDecimal bound : bounds) {
                if (bound.compareTo(at) > 0 && bound.compareTo(next) < 0) {
                    next = bound;
                }
            }
            BigDecimal decides = price.mode() == TierMode.VOLUME ? period : next;
            BigDecimal unitPrice = next.compareTo(free) <= 0 ? BigDecimal.ZERO : priceAt(price, decides.subtract(free));
            cost = cost.add(next.subtract(at).multiply(unitPrice));
            at = next;
        }
        BigDecimal share = BigDecimal.ONE.subtract(BigDecimal.valueOf(price.discountBasisPoints(), 4));
        return cost.multiply(share).divide(unit(meter));
    }

    private static void addBound(List<BigDecimal> bounds, BigDecimal free, @Nullable BigInteger upTo) {
        if (upTo != null) {
            bounds.add(free.add(new BigDecimal(upTo)));
        }
    }

    /** The price of the unit that is the n-th of those that cost. */
    private static BigDecimal priceAt(MeterPrice price, BigDecimal nth) {
        for (Tier tier : price.tiers()) {
            if (tier.upTo() == null || nth.compareTo(new BigDecimal(tier.upTo())) <= 0) {
                return BigDecimal.valueOf(tier.unitPicos());
            }
        }
        throw new AssertionError("no step is open");
    }

    /** Written again, so that a wrong unit in the code under test shows. */
    private static BigDecimal unit(Meter meter) {
        return switch (meter) {
            case REQUESTS -> BigDecimal.ONE;
            case CPU_TIME -> new BigDecimal("1000000");
            case VCPU_TIME, IDLE_VCPU_TIME -> new BigDecimal("1000").multiply(new BigDecimal("1000"));
            case MEMORY_TIME, IDLE_MEMORY_TIME -> new BigDecimal("1073741824000");
            case DISK_TIME -> new BigDecimal("1000000000000");
            case EGRESS -> new BigDecimal("1000000000");
        };
    }

    /** Half to even, to the digits that each currency has. */
    public static BigDecimal rounded(BigDecimal picos, String currency) {
        int digits = switch (currency) {
            case "JPY" -> 0;
            case "KWD" -> 3;
            default -> 2;
        };
        return picos.movePointLeft(12).setScale(digits, RoundingMode.HALF_EVEN);
    }
}
