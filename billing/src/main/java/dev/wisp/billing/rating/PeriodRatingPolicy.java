package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What a billing period costs: free part, steps, discounts and minimum over everything that was used. Exact. */
public final class PeriodRatingPolicy {

    private static final BigInteger WHOLE = BigInteger.valueOf(MeterPrice.WHOLE_BASIS_POINTS);

    private PeriodRatingPolicy() {}

    /**
     * @param usage per version of the prices, in the order in which they were in force, at least one; one currency. Fee and minimum are
     *     the last version's
     */
    public static RatedPeriod rate(List<PeriodUsage> usage) {
        PriceTerms last = usage.getLast().terms();
        List<RatedLine> lines = new ArrayList<>();
        for (Meter meter : Meter.values()) {
            lines.addAll(lines(meter, usage));
        }
        Fraction used = sum(lines);
        Fraction missing = Fraction.of(last.minimumPicos()).minus(used);
        Fraction minimum = missing.signum() > 0 ? missing : Fraction.ZERO;
        Fraction fee = Fraction.of(last.feePicos());
        return new RatedPeriod(
                currency(usage), lines, fee, minimum, used.plus(minimum).plus(fee));
    }

    private static List<RatedLine> lines(Meter meter, List<PeriodUsage> usage) {
        BigInteger total =
                usage.stream().map(one -> one.quantities().of(meter)).reduce(BigInteger.ZERO, BigInteger::add);
        List<RatedLine> lines = new ArrayList<>();
        BigInteger before = BigInteger.ZERO;
        for (PeriodUsage one : usage) {
            BigInteger quantity = one.quantities().of(meter);
            MeterPrice price = one.terms().meters().get(meter);
            if (price != null && quantity.signum() > 0) {
                lines.add(line(
                        one.terms().version(), meter, price, TierPolicy.parts(meter, price, before, quantity, total)));
            }
            before = before.add(quantity);
        }
        return lines;
    }

    private static RatedLine line(int version, Meter meter, MeterPrice price, List<RatedPart> parts) {
        Fraction list = parts.stream().map(RatedPart::picos).reduce(Fraction.ZERO, Fraction::plus);
        BigInteger quantity = parts.stream().map(RatedPart::quantity).reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger kept = WHOLE.subtract(BigInteger.valueOf(price.discountBasisPoints()));
        return new RatedLine(
                version, meter, quantity, parts, list, list.times(kept).dividedBy(WHOLE));
    }

    private static Fraction sum(List<RatedLine> lines) {
        return lines.stream().map(RatedLine::netPicos).reduce(Fraction.ZERO, Fraction::plus);
    }

    private static String currency(List<PeriodUsage> usage) {
        List<String> currencies =
                usage.stream().map(one -> one.terms().currency()).distinct().toList();
        if (currencies.size() > 1) {
            throw new IllegalArgumentException("currencies=%s, a period has one".formatted(currencies));
        }
        return currencies.getFirst();
    }
}
