package dev.wisp.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a price list may say, and the corners of a bill by hand. */
class PriceTermsTest {

    private static final Tier OPEN = new Tier(null, 1);

    @Test
    void refusesStepsThatDoNotRiseOrDoNotEnd() {
        assertThatThrownBy(() -> price(List.of())).hasMessage("0 tiers, must be 1..50");
        assertThatThrownBy(() -> price(List.of(upTo(5), upTo(6)))).hasMessage("last tier upTo=6, must be open");
        assertThatThrownBy(() -> price(List.of(upTo(5), upTo(5), OPEN))).hasMessage("tier upTo=5 after 5, must rise");
        assertThatThrownBy(() -> price(List.of(OPEN, OPEN))).hasMessage("tier upTo=null after 0, must rise");
        assertThatThrownBy(() -> price(Collections.nCopies(51, OPEN))).hasMessage("51 tiers, must be 1..50");
    }

    @Test
    void takesAsManyStepsAsAllowed() {
        List<Tier> tiers = new java.util.ArrayList<>();
        for (int i = 1; i < MeterPrice.TIERS_MAX; i++) {
            tiers.add(upTo(i));
        }
        tiers.add(OPEN);

        assertThat(price(tiers).tiers()).hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10_001})
    void refusesADiscountThatIsNoShare(int basisPoints) {
        assertThatThrownBy(() -> new MeterPrice(TierMode.GRADUATED, BigInteger.ZERO, List.of(OPEN), basisPoints))
                .hasMessage("discountBasisPoints=%d, must be 0..10000".formatted(basisPoints));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void takesADiscountOfNothingAndOfAll(int basisPoints) {
        assertThatCode(() -> new MeterPrice(TierMode.GRADUATED, BigInteger.ZERO, List.of(OPEN), basisPoints))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesNegativePrices() {
        assertThatThrownBy(() -> new Tier(null, -1)).hasMessageContaining("unitPicos=-1");
        assertThatThrownBy(() -> new Tier(BigInteger.ZERO, 1)).hasMessageContaining("upTo=0");
        assertThatThrownBy(() -> MeterPrice.flat(1, BigInteger.valueOf(-1))).hasMessage("free=-1, must be >= 0");
        assertThatThrownBy(() -> new PriceTerms(1, "USD", Map.of(), -1, 0)).hasMessageContaining("feePicos=-1");
        assertThatThrownBy(() -> new PriceTerms(1, "USD", Map.of(), 0, -1)).hasMessageContaining("minimumPicos=-1");
        assertThatThrownBy(() -> new Quantities(Map.of(Meter.REQUESTS, BigInteger.valueOf(-1))))
                .hasMessage("REQUESTS=-1, must be >= 0");
        assertThatThrownBy(() -> new TimeRule(0, true, true)).hasMessageContaining("incrementMillis=0");
    }

    @Test
    void aPeriodHasOneCurrency() {
        PeriodUsage dollars = new PeriodUsage(new PriceTerms(1, "USD", Map.of(), 0, 0), Quantities.NONE);
        PeriodUsage euros = new PeriodUsage(new PriceTerms(2, "EUR", Map.of(), 0, 0), Quantities.NONE);

        assertThatThrownBy(() -> PeriodRatingPolicy.rate(List.of(dollars, euros)))
                .hasMessage("currencies=[USD, EUR], a period has one");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "99,0", "100,0", "101,7", "110,70", "111,73", "200,340"})
    void theFreePartEndsAndStepsBeginAtTheirVeryUnit(long requests, long picos) {
        MeterPrice price = new MeterPrice(
                TierMode.GRADUATED,
                BigInteger.valueOf(100),
                List.of(new Tier(BigInteger.TEN, 7), new Tier(null, 3)),
                0);

        assertThat(rate(price, requests).netPicos()).isEqualTo(Fraction.of(picos));
    }

    @ParameterizedTest
    @CsvSource({"100,0", "101,7", "110,70", "111,33", "200,300"})
    void aVolumePriceIsThatOfTheLastUnitForAll(long requests, long picos) {
        MeterPrice price = new MeterPrice(
                TierMode.VOLUME, BigInteger.valueOf(100), List.of(new Tier(BigInteger.TEN, 7), new Tier(null, 3)), 0);

        assertThat(rate(price, requests).netPicos()).isEqualTo(Fraction.of(picos));
    }

    @Test
    void discountIsTakenOffTheLineAndShownBesideTheListPrice() {
        RatedLine line = rate(new MeterPrice(TierMode.GRADUATED, BigInteger.ZERO, List.of(new Tier(null, 3)), 2_500), 2)
                .lines()
                .getFirst();

        assertThat(line.listPicos()).isEqualTo(Fraction.of(6));
        assertThat(line.netPicos()).isEqualTo(new Fraction(BigInteger.valueOf(9), BigInteger.TWO));
        assertThat(line.quantity()).isEqualTo(BigInteger.TWO);
    }

    @ParameterizedTest
    @CsvSource({"0,100", "99,1", "100,0", "101,0"})
    void theMinimumFillsUpWhatIsMissing(long requests, long missing) {
        PriceTerms terms = new PriceTerms(1, "USD", Map.of(Meter.REQUESTS, MeterPrice.flat(1)), 5, 100);

        RatedPeriod period = PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, requests(requests))));

        assertThat(period.minimumPicos()).isEqualTo(Fraction.of(missing));
        assertThat(period.feePicos()).isEqualTo(Fraction.of(5));
        assertThat(period.netPicos()).isEqualTo(Fraction.of(Math.max(requests, 100) + 5));
    }

    @Test
    void aChangeOfPricesDoesNotGrantTheFreePartAgain() {
        PriceTerms cheap = new PriceTerms(1, "USD", Map.of(Meter.REQUESTS, MeterPrice.flat(1, BigInteger.TEN)), 0, 0);
        PriceTerms dear = new PriceTerms(2, "USD", Map.of(Meter.REQUESTS, MeterPrice.flat(5, BigInteger.TEN)), 0, 0);

        RatedPeriod period = PeriodRatingPolicy.rate(
                List.of(new PeriodUsage(cheap, requests(12)), new PeriodUsage(dear, requests(3))));

        assertThat(period.netPicos()).isEqualTo(Fraction.of(2 + 15));
        assertThat(period.lines()).extracting(RatedLine::version).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "USD, 5000000000, 0.00",
        "USD, 15000000000, 0.02",
        "USD, 5000000001, 0.01",
        "JPY, 500000000000, 0",
        "JPY, 1500000000000, 2",
        "KWD, 1500000000, 0.002",
        "USD, -15000000000, -0.02"
    })
    void aLineIsRoundedOnceHalfToEven(String currency, long picos, BigDecimal line) {
        assertThat(RoundingPolicy.line(currency, Fraction.of(picos))).isEqualTo(line);
    }

    @Test
    void aCurrencyWithoutMinorUnitHasNoDecimals() {
        assertThat(RoundingPolicy.minorDigits("XAU")).isZero();
        assertThat(RoundingPolicy.minorDigits("KWD")).isEqualTo(3);
    }

    @Test
    void metersSayWhatTheyCount() {
        assertThat(Meter.MEMORY_TIME.title()).isEqualTo("Memory time");
        assertThat(Meter.MEMORY_TIME.unit()).isEqualTo("GiB-Seconds");
        assertThat(Meter.MEMORY_TIME.units(2)).isEqualTo(BigInteger.valueOf(2_000L << 30));
    }

    private static RatedPeriod rate(MeterPrice price, long requests) {
        PriceTerms terms = new PriceTerms(1, "USD", Map.of(Meter.REQUESTS, price), 0, 0);
        return PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, requests(requests))));
    }

    private static Quantities requests(long count) {
        return new Quantities(Map.of(Meter.REQUESTS, BigInteger.valueOf(count)));
    }

    private static MeterPrice price(List<Tier> tiers) {
        return new MeterPrice(TierMode.GRADUATED, BigInteger.ZERO, tiers, 0);
    }

    private static Tier upTo(long bound) {
        return new Tier(BigInteger.valueOf(bound), 1);
    }
}
