package dev.wisp.billing.rating;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Random price books and usages, the same for a seed: free parts, steps of both kinds, discounts, fees, minimums, and quantities that meet bounds
 * exactly.
 *
 * @param random where they are drawn from
 */
public record AnyUsage(SplittableRandom random) {

    private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD");

    /** One to three versions of one currency. */
    public List<PeriodUsage> usage() {
        return usage(CURRENCIES.get(random.nextInt(CURRENCIES.size())));
    }

    /** The same of this currency. */
    public List<PeriodUsage> usage(String currency) {
        List<PeriodUsage> usage = new ArrayList<>();
        int versions = 1 + random.nextInt(3);
        for (int version = 1; version <= versions; version++) {
            usage.add(new PeriodUsage(terms(version, currency), quantities()));
        }
        return usage;
    }

    PriceTerms terms(int version, String currency) {
        Map<Meter, MeterPrice> meters = new EnumMap<>(Meter.class);
        for (Meter meter : Meter.values()) {
            if (random.nextInt(4) > 0) {
                meters.put(meter, anyPrice());
            }
        }
        return new PriceTerms(version, currency, meters, rarely(10_000_000_000_000L), rarely(100_000_000_000_000L));
    }

    private MeterPrice anyPrice() {
        List<Tier> tiers = new ArrayList<>();
        BigInteger upTo = BigInteger.ZERO;
        for (int i = random.nextInt(4); i > 0; i--) {
            upTo = upTo.add(anyQuantity().add(BigInteger.ONE));
            tiers.add(new Tier(upTo, anyPicos()));
        }
        tiers.add(new Tier(null, anyPicos()));
        TierMode mode = random.nextBoolean() ? TierMode.GRADUATED : TierMode.VOLUME;
        int discount = random.nextInt(3) == 0 ? random.nextInt(10_001) : 0;
        return new MeterPrice(mode, random.nextBoolean() ? anyQuantity() : BigInteger.ZERO, tiers, discount);
    }

    /** Of every other meter, something. */
    public Quantities quantities() {
        Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
        for (Meter meter : Meter.values()) {
            if (random.nextBoolean()) {
                quantities.put(meter, anyQuantity());
            }
        }
        return new Quantities(quantities);
    }

    /** From nothing to far past a long, and small numbers often, so that bounds are met exactly. */
    private BigInteger anyQuantity() {
        return switch (random.nextInt(4)) {
            case 0 -> BigInteger.valueOf(random.nextInt(4));
            case 1 -> BigInteger.valueOf(random.nextLong(1_000_000));
            case 2 -> BigInteger.valueOf(random.nextLong(Long.MAX_VALUE));
            default -> BigInteger.valueOf(random.nextLong(Long.MAX_VALUE)).shiftLeft(random.nextInt(20));
        };
    }

    private long anyPicos() {
        return random.nextInt(5) == 0 ? 0 : random.nextLong(1_000_000_000);
    }

    /** Nothing, three times of four. */
    public long rarely(long bound) {
        return random.nextInt(4) == 0 ? random.nextLong(bound) : 0;
    }
}
