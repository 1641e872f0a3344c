package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.InvoiceDocument.Part;
import dev.wisp.billing.invoice.InvoiceDocument.Snapshot;
import dev.wisp.billing.invoice.InvoiceDocument.Usage;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import dev.wisp.billing.rating.Tier;
import dev.wisp.billing.rating.TierMode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What stands on an invoice; that its amounts are right is for {@link InvoicePlannerOracleTest}. */
class InvoicePlannerTest {

    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);
    private static final Instant ISSUED = Instant.parse("2026-12-01T08:00:00Z");

    /** Byte-milliseconds in a third of a GiB-second. */
    private static final long THIRD = 357_913_941_333L;

    /** Ten are free, the next cost 1.50 and 1.00, all of them a tenth less. */
    private static final MeterPrice REQUESTS = new MeterPrice(
            TierMode.GRADUATED,
            BigInteger.TEN,
            List.of(new Tier(BigInteger.TEN, 1_500_000_000_000L), new Tier(null, 1_000_000_000_000L)),
            1_000);

    private static final PriceTerms PRICES = new PriceTerms(
            3,
            "USD",
            Map.of(Meter.REQUESTS, REQUESTS, Meter.IDLE_MEMORY_TIME, MeterPrice.flat(500_000_000_000L)),
            5_000_000_000_000L,
            0);

    @Test
    void aLineSaysWhatItIsForInPricedUnitsAndWhereItsRecordsAre() {
        assertThat(draft().lines())
                .contains(
                        new Line(
                                "2026-11-1",
                                Category.USAGE,
                                3,
                                Meter.REQUESTS,
                                "Requests, discounted",
                                "25",
                                "Requests",
                                List.of(new Part("10", "0.00"), new Part("10", "1.50"), new Part("5", "1.00")),
                                "18000000000000/1",
                                "18.00",
                                "/v1/billing/records?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&priceVersion=3&meter=REQUESTS",
                                null),
                        new Line(
                                "2026-11-2",
                                Category.USAGE,
                                3,
                                Meter.IDLE_MEMORY_TIME,
                                Meter.IDLE_MEMORY_TIME.title(),
                                "0.333333333333",
                                "GiB-Seconds",
                                List.of(new Part("0.333333333333", "0.50")),
                                "699050666666015625/4194304",
                                "0.17",
                                "/v1/billing/instance-times?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&priceVersion=3&meter=IDLE_MEMORY_TIME",
                                null));
    }

    @Test
    void whatHasNoRecordsSaysWhatItComesFrom() {
        assertThat(draft().lines().subList(2, 7))
                .extracting(Line::category, Line::description, Line::amount, Line::exact, Line::corrects, Line::records)
                .containsExactly(
                        row(Category.FEE, "Fee", "5.00", "5000000000000/1", null),
                        row(
                                Category.CORRECTION,
                                "Records of 2026-10 that came after its invoice",
                                "2.70",
                                "2700000000000/1",
                                OCTOBER),
                        row(Category.CORRECTION, "Calls that were taken back", "-1.00", "-1000000000000/1", null),
                        row(Category.CREDIT, "Credit", "-4.00", "-4000000000000/1", null),
                        row(Category.TAX, "VAT 19.00 %", "3.97", "3970000000000/1", null));
    }

    @Test
    void theDocumentHasItsSumsAndWhatItWasMadeFrom() {
        InvoiceDocument draft = draft();

        assertThat(draft)
                .usingRecursiveComparison()
                .ignoringFields("lines")
                .isEqualTo(new InvoiceDocument(
                        null,
                        "INVOICE",
                        null,
                        "Wisp",
                        "default",
                        NOVEMBER,
                        null,
                        null,
                        "USD",
                        List.of(),
                        "24.87",
                        "4.00",
                        "3.97",
                        "24.84",
                        List.of(
                                new Snapshot(
                                        NOVEMBER,
                                        List.of(new Usage(3, used(25, THIRD).byMeter()))),
                                new Snapshot(
                                        OCTOBER,
                                        List.of(new Usage(3, used(12, 0).byMeter())))),
                        null));
    }

    @Test
    void onceItIsIssuedItsRecordsAreThoseThatItCounts() {
        TreeMap<String, Long> links = new TreeMap<>(Map.of("default", 12L));

        InvoiceDocument invoice = draft().issued(7, ISSUED, ISSUED.plusSeconds(60), links);

        assertThat(invoice.number()).isEqualTo(7);
        assertThat(invoice.issuedAt()).isEqualTo(ISSUED);
        assertThat(invoice.dueAt()).isEqualTo(ISSUED.plusSeconds(60));
        assertThat(invoice.links()).isEqualTo(links);
        assertThat(invoice.lines())
                .extracting(Line::records)
                .containsExactly(
                        draft().lines().get(0).records() + "&invoice=7",
                        draft().lines().get(1).records() + "&invoice=7",
                        null,
                        "/v1/billing/records?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&meter=REQUESTS&invoice=7",
                        null,
                        null,
                        null);
    }

    @Test
    void nothingIsOwedOfAMonthThatWasTakenBack() {
        InvoiceInputs inputs = new InvoiceInputs(
                "default",
                NOVEMBER,
                List.of(usage(1, 0)),
                List.of(),
                BigInteger.valueOf(-9_000_000_000_000L),
                BigDecimal.TEN,
                new InvoiceInputs.Terms("Wisp", "VAT", 1_900));

        InvoiceDocument draft = InvoicePlanner.draft(inputs);

        assertThat(draft.creditApplied()).isEqualTo("0.00");
        assertThat(draft.subtotal()).isEqualTo("-4.00");
        assertThat(draft.tax()).isEqualTo("-0.76");
        assertThat(draft.total()).isEqualTo("-4.76");
    }

    @Test
    void whatIsMissingToTheMinimumIsALine() {
        PriceTerms atLeastTen = new PriceTerms(
                3, "USD", Map.of(Meter.REQUESTS, MeterPrice.flat(1_000_000_000_000L)), 0, 10_000_000_000_000L);
        InvoiceInputs inputs = new InvoiceInputs(
                "default",
                NOVEMBER,
                List.of(new PeriodUsage(atLeastTen, used(4, 0))),
                List.of(),
                BigInteger.ZERO,
                BigDecimal.ZERO,
                new InvoiceInputs.Terms("Wisp", "VAT", 0));

        InvoiceDocument draft = InvoicePlanner.draft(inputs);

        assertThat(draft.lines())
                .extracting(Line::category, Line::description, Line::amount)
                .containsExactly(
                        tuple(Category.USAGE, "Requests", "4.00"),
                        tuple(Category.MINIMUM, "To the month's minimum", "6.00"));
        assertThat(draft.total()).isEqualTo("10.00");
    }

    /** In October two calls came late. */
    private static InvoiceDocument draft() {
        return InvoicePlanner.draft(new InvoiceInputs(
                "default",
                NOVEMBER,
                List.of(usage(25, THIRD)),
                List.of(new InvoiceInputs.Late(OCTOBER, List.of(usage(12, 0)), List.of(usage(10, 0)))),
                BigInteger.valueOf(-1_000_000_000_000L),
                new BigDecimal("4.00"),
                new InvoiceInputs.Terms("Wisp", "VAT", 1_900)));
    }

    private static PeriodUsage usage(long requests, long idleByteMillis) {
        return new PeriodUsage(PRICES, used(requests, idleByteMillis));
    }

    private static Quantities used(long requests, long idleByteMillis) {
        return new Quantities(Map.of(
                Meter.REQUESTS,
                BigInteger.valueOf(requests),
                Meter.IDLE_MEMORY_TIME,
                BigInteger.valueOf(idleByteMillis)));
    }

    /** Without records. */
    private static Tuple row(
            Category category, String description, String amount, String exact, @Nullable LocalDate corrects) {
        return tuple(category, description, amount, exact, corrects, null);
    }
}
