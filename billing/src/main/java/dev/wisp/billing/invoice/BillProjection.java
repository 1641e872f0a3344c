package dev.wisp.billing.invoice;

import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import dev.wisp.billing.usage.ProjectionPolicy;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What a month is going to have used, in the form of what it has used: what is to come is added to the prices in force, so that it is billed
 * after all that was.
 *
 * @param usage of the month so far, per version in the order in which they were in force
 * @param inForce the prices of now
 * @param days of the month and of the weeks before it
 */
record BillProjection(
        List<PeriodUsage> usage,
        PriceTerms inForce,
        Map<LocalDate, Quantities> days,
        Instant from,
        Instant to,
        Instant now) {

    /** See {@link ProjectionPolicy#runRate}. */
    List<PeriodUsage> runRate() {
        return with((meter, soFar) -> ProjectionPolicy.runRate(soFar, from, to, now));
    }

    /** See {@link ProjectionPolicy#sameWeekday}. */
    List<PeriodUsage> sameWeekday() {
        return with((meter, soFar) -> ProjectionPolicy.sameWeekday(soFar, of(meter), to, now));
    }

    private List<PeriodUsage> with(BiFunction<Meter, BigInteger, BigInteger> wholeMonth) {
        Map<Meter, BigInteger> more = new EnumMap<>(Meter.class);
        for (Meter meter : inForce.meters().keySet()) {
            BigInteger soFar = soFar(meter);
            more.put(meter, wholeMonth.apply(meter, soFar).subtract(soFar).max(BigInteger.ZERO));
        }
        Quantities rest = new Quantities(more);
        return rest.byMeter().isEmpty() ? usage : withRest(rest);
    }

    private List<PeriodUsage> withRest(Quantities rest) {
        List<PeriodUsage> projected = new ArrayList<>();
        Quantities last = rest;
        for (PeriodUsage one : usage) {
            if (one.terms().version() == inForce.version()) {
                last = last.plus(one.quantities());
            } else {
                projected.add(one);
            }
        }
        projected.add(new PeriodUsage(inForce, last));
        return projected;
    }

    /** From the days, and not from what was billed: what had no price under earlier prices may have one now. */
    private BigInteger soFar(Meter meter) {
        LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
        return days.entrySet().stream()
                .filter(day -> !day.getKey().isBefore(first))
                .map(day -> day.getValue().of(meter))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private Map<LocalDate, BigInteger> of(Meter meter) {
        Map<LocalDate, BigInteger> ofMeter = new HashMap<>();
        days.forEach((day, quantities) -> ofMeter.put(day, quantities.of(meter)));
        return ofMeter;
    }
}
