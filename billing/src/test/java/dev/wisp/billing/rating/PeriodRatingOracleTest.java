package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * 10⁵ random price books and usages against {@link NaiveBill}, which walks through the units in decimals and shares no code with the
 * rating.
 */
class PeriodRatingOracleTest {

    private static final long SEED = 20_261_126;
    private static final int CASES = 100_000;
    private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD");

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyBillEqualsTheNaiveOneToTheLastUnit() {
        for (int round = 0; round < CASES; round++) {
            List<PeriodUsage> usage = anyUsage();

            RatedPeriod period = PeriodRatingPolicy.rate(usage);

            NaiveBill expected = NaiveBill.of(usage);
            String description = "seed=%d round=%d %s".formatted(SEED, round, usage);
            assertThat(decimal(period.netPicos())).as(description).isEqualByComparingTo(expected.net());
            for (RatedLine line : period.lines()) {
                BigDecimal net = expected.lines().getOrDefault(line.version() + "/" + line.meter(), BigDecimal.ZERO);
                assertThat(decimal(line.netPicos())).as(description).isEqualByComparingTo(net);
                assertThat(RoundingPolicy.line(period.currency(), line.netPicos()))
                        .as(description)
                        .isEqualTo(NaiveBill.rounded(net, period.currency()));
            }
            assertThat(period.lines()).as(description).hasSize(expected.lines().size());
        }
    }

    @Test
    void cuttingAPeriodIntoVersionsOfTheSamePricesChangesNothing() {
        for (int round = 0; round < 10_000; round++) {
            PriceTerms terms = anyTerms(1, "USD");
            Quantities first = anyQuantities();
            Quantities second = anyQuantities();

            RatedPeriod cut = PeriodRatingPolicy.rate(
                    List.of(new PeriodUsage(terms, first), new PeriodUsage(version(terms, 2), second)));

            RatedPeriod whole = PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, first.plus(second))));
            assertThat(cut.netPicos()).as("seed=%d round=%d", SEED, round).isEqualTo(whole.netPicos());
        }
    }

    private List<PeriodUsage> anyUsage() {
        String currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
        List<PeriodUsage> usage = new ArrayList<>();
        int versions = 1 + random.nextInt(3);
        for (int version = 1; version <= versions; version++) {
            usage.add(new PeriodUsage(anyTerms(version, currency), anyQuantities()));
        }
        return usage;
    }

    private PriceTerms anyTerms(int version, String currency) {
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

    private Quantities anyQuantities() {
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

    private long rarely(long bound) {
        return random.nextInt(4) == 0 ? random.nextLong(bound) : 0;
    }

    private static PriceTerms version(PriceTerms terms, int version) {
        return new PriceTerms(version, terms.currency(), terms.meters(), terms.feePicos(), terms.minimumPicos());
    }

    private static BigDecimal decimal(Fraction fraction) {
        return new BigDecimal(fraction.numerator()).divide(new BigDecimal(fraction.denominator()));
    }

    /** Cuts what was used at every bound there is and prices each piece by looking its step up: slow, and with nothing clever in it. */
    private record NaiveBill(Map<String, BigDecimal> lines, BigDecimal net) {

        static NaiveBill of(List<PeriodUsage> usage) {
            Map<String, BigDecimal> lines = new java.util.HashMap<>();
            for (Meter meter : Meter.values()) {
                BigDecimal period = BigDecimal.ZERO;
                for (PeriodUsage one : usage) {
                    period = period.add(new BigDecimal(one.quantities().of(meter)));
                }
                BigDecimal position = BigDecimal.ZERO;
                for (PeriodUsage one : usage) {
                    BigDecimal end =
                            position.add(new BigDecimal(one.quantities().of(meter)));
                    MeterPrice price = one.terms().meters().get(meter);
                    if (price != null && end.compareTo(position) > 0) {
                        lines.put(one.terms().version() + "/" + meter, walk(meter, price, position, end, period));
                    }
                    position = end;
                }
            }
            return new NaiveBill(lines, net(usage.getLast().terms(), lines));
        }

        private static BigDecimal net(PriceTerms terms, Map<String, BigDecimal> lines) {
            BigDecimal used = lines.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            return used.max(BigDecimal.valueOf(terms.minimumPicos())).add(BigDecimal.valueOf(terms.feePicos()));
        }

        private static BigDecimal walk(
                Meter meter, MeterPrice price, BigDecimal from, BigDecimal to, BigDecimal period) {
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
                BigDecimal unitPrice =
                        next.compareTo(free) <= 0 ? BigDecimal.ZERO : priceAt(price, decides.subtract(free));
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

        static BigDecimal rounded(BigDecimal picos, String currency) {
            int digits = switch (currency) {
                case "JPY" -> 0;
                case "KWD" -> 3;
                default -> 2;
            };
            return picos.movePointLeft(12).setScale(digits, RoundingMode.HALF_EVEN);
        }
    }
}
