package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PeriodRatingPolicy;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** November 2026; a request costs a picounit once a hundred were free, a fee a thousand, and time without calls something from version 2 on. */
class BillProjectionTest {

    private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-12-01T00:00:00Z");
    private static final MeterPrice REQUESTS = MeterPrice.flat(1, BigInteger.valueOf(100));
    private static final PriceTerms FIRST = new PriceTerms(1, "USD", Map.of(Meter.REQUESTS, REQUESTS), 500, 0);
    private static final PriceTerms SECOND = new PriceTerms(
            2, "USD", Map.of(Meter.REQUESTS, REQUESTS, Meter.IDLE_VCPU_TIME, MeterPrice.flat(1_000_000)), 1_000, 0);

    @Test
    void atThePaceSoFarQuantitiesGrowAndTheFeeAndTheFreePartDoNot() {
        BillProjection projection = of(
                List.of(used(FIRST, 60), used(SECOND, 30)),
                Map.of(day(2), requests(60), day(9), requests(30)),
                "2026-11-11T00:00:00Z");

        List<PeriodUsage> month = projection.runRate();

        assertThat(month).containsExactly(used(FIRST, 60), used(SECOND, 210));
        assertThat(PeriodRatingPolicy.rate(month).netPicos().numerator()).isEqualTo(1_000 + 170);
    }

    @Test
    void whatIsStillToComeIsAtThePricesInForceNow() {
        BillProjection projection = of(List.of(used(FIRST, 60)), Map.of(day(2), requests(60)), "2026-11-11T00:00:00Z");

        assertThat(projection.runRate()).containsExactly(used(FIRST, 60), used(SECOND, 120));
    }

    /** Under the first version waiting was free; a third of the month is over. */
    @Test
    void timeWithoutCallsGoesOnWhereItHasAPriceNow() {
        Quantities waited = new Quantities(Map.of(Meter.IDLE_VCPU_TIME, BigInteger.valueOf(7)));

        List<PeriodUsage> month =
                of(List.of(), Map.of(day(2), waited), "2026-11-11T00:00:00Z").runRate();

        assertThat(month)
                .containsExactly(
                        new PeriodUsage(SECOND, new Quantities(Map.of(Meter.IDLE_VCPU_TIME, BigInteger.valueOf(14)))));
    }

    /** 2026-11-29 is a Sunday; each Sunday before it had ten requests, all other days none. */
    @Test
    void weekendsAreProjectedFromWeekends() {
        Map<LocalDate, Quantities> days = new HashMap<>();
        for (LocalDate day = day(1); day.isBefore(day(28)); day = day.plusDays(7)) {
            days.put(day, requests(10));
        }

        BillProjection projection = of(List.of(used(SECOND, 40)), days, "2026-11-28T12:00:00Z");

        assertThat(projection.sameWeekday()).containsExactly(used(SECOND, 50));
    }

    @Test
    void aMonthWithoutAnythingStaysOne() {
        assertThat(of(List.of(), Map.of(), "2026-11-28T12:00:00Z").sameWeekday())
                .isEmpty();
    }

    private static BillProjection of(List<PeriodUsage> usage, Map<LocalDate, Quantities> days, String now) {
        return new BillProjection(usage, SECOND, days, FROM, TO, Instant.parse(now));
    }

    private static PeriodUsage used(PriceTerms terms, long requests) {
        return new PeriodUsage(terms, requests(requests));
    }

    private static Quantities requests(long requests) {
        return new Quantities(Map.of(Meter.REQUESTS, BigInteger.valueOf(requests)));
    }

    private static LocalDate day(int day) {
        return LocalDate.of(2026, 11, day);
    }
}
