package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** 10⁵ random price books and usages against {@link NaiveBill}. */
class PeriodRatingOracleTest {

    private static final long SEED = 20_261_126;
    private static final int CASES = 100_000;

    private final AnyUsage any = new AnyUsage(new SplittableRandom(SEED));

    @Test
    void everyBillEqualsTheNaiveOneToTheLastUnit() {
        for (int round = 0; round < CASES; round++) {
            List<PeriodUsage> usage = any.usage();

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
            PriceTerms terms = any.terms(1, "USD");
            Quantities first = any.quantities();
            Quantities second = any.quantities();

            RatedPeriod cut = PeriodRatingPolicy.rate(
                    List.of(new PeriodUsage(terms, first), new PeriodUsage(version(terms, 2), second)));

            RatedPeriod whole = PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, first.plus(second))));
            assertThat(cut.netPicos()).as("seed=%d round=%d", SEED, round).isEqualTo(whole.netPicos());
        }
    }

    private static PriceTerms version(PriceTerms terms, int version) {
        return new PriceTerms(version, terms.currency(), terms.meters(), terms.feePicos(), terms.minimumPicos());
    }

    private static BigDecimal decimal(Fraction fraction) {
        return new BigDecimal(fraction.numerator()).divide(new BigDecimal(fraction.denominator()));
    }
}
