package dev.wisp.billing.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.wisp.billing.rating.CallShape;
import dev.wisp.billing.rating.EstimatePolicy;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PeriodRatingPolicy;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.Preset;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.RatedLine;
import dev.wisp.billing.rating.RatedPeriod;
import dev.wisp.billing.rating.TimeRule;
import dev.wisp.contracts.price.PriceBook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftReaderTest {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"DISK_TIME", "disk_time"})
    void refusesAPriceThatNoInvoiceWouldApply(String meter) {
        assertThatThrownBy(() -> DraftReader.requireRecorded(terms(meter)))
                .hasMessageContaining("meters=" + meter)
                .hasMessageContaining("no record has such a quantity");
    }

    @Test
    void takesThoseThatRecordsHave() {
        for (String meter : List.of(
                "REQUESTS", "CPU_TIME", "VCPU_TIME", "MEMORY_TIME", "EGRESS", "IDLE_VCPU_TIME", "IDLE_MEMORY_TIME")) {
            assertThatCode(() -> DraftReader.requireRecorded(terms(meter))).doesNotThrowAnyException();
        }
        assertThatCode(() -> DraftReader.requireRecorded(null)).doesNotThrowAnyException();
    }

    @Test
    void aMonthHasProcessorsHeldAtThePriceOfACallWhereThereIsOne() {
        PriceDraft held = draft("0.00003", 1, false, null);
        PriceDraft free = draft("0", 1, false, null);

        assertThat(terms(held).meters()).containsEntry(Meter.VCPU_TIME, MeterPrice.flat(30_000_000));
        assertThat(terms(free).meters()).doesNotContainKey(Meter.VCPU_TIME);
    }

    /** The list of {@link Preset#CLOUD_RUN} as a version of the prices: each meter's line of a month is the same, and there is no other. */
    @Test
    void aVersionCanBillAsCloudRunDoes() {
        PriceDraft draft = draft(
                "0.000024",
                100,
                true,
                Map.of(
                        "REQUESTS", past("2000000", "0.0000004"),
                        "VCPU_TIME", past("180000", "0.000024"),
                        "MEMORY_TIME", past("360000", "0.0000025")));
        PriceBook book = DraftReader.book(2, draft, NOW);
        CallShape call = new CallShape(7_000_000, 312_000, 900_000, 50, 80_000, 2_000, 512L << 20, 0, 0, 1);

        RatedPeriod month = PeriodRatingPolicy.rate(List.of(new PeriodUsage(
                terms(draft),
                EstimatePolicy.quantities(new TimeRule(book.incrementMillis(), book.startBilled(), true), call))));

        RatedPeriod theirs = Preset.CLOUD_RUN.estimate(call);
        assertThat(month.netPicos()).isEqualTo(theirs.netPicos());
        assertThat(theirs.lines()).hasSize(3);
        assertThat(month.lines())
                .filteredOn(line -> line.netPicos().signum() != 0)
                .extracting(RatedLine::meter, RatedLine::netPicos)
                .containsExactlyElementsOf(theirs.lines().stream()
                        .map(line -> tuple(line.meter(), line.netPicos()))
                        .toList());
    }

    private static PriceTerms terms(PriceDraft draft) {
        return DraftReader.terms(DraftReader.book(2, draft, NOW), draft.terms());
    }

    private static PriceDraft draft(
            String perVcpuSecond,
            long increment,
            boolean startBilled,
            @Nullable Map<String, PriceDraft.MeterDraft> meters) {
        return new PriceDraft(
                "USD",
                "2027-01-01T00:00:00Z",
                "0.0000004",
                "0",
                perVcpuSecond,
                "0.0000025",
                null,
                increment,
                startBilled,
                null,
                null,
                meters);
    }

    private static PriceDraft.MeterDraft past(String free, String price) {
        return new PriceDraft.MeterDraft(null, free, null, List.of(new PriceDraft.TierDraft(null, price)));
    }

    private static PriceDraft.Terms terms(String meter) {
        PriceDraft.MeterDraft price =
                new PriceDraft.MeterDraft(null, null, null, List.of(new PriceDraft.TierDraft(null, "0.00002")));
        return new PriceDraft.Terms(null, null, Map.of(meter, price));
    }
}
