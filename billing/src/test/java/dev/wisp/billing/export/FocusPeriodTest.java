package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.StoredInvoice;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in which month; what a row says is for {@link FocusDatasetsTest}. */
class FocusPeriodTest {

    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);
    private static final Instant ASKED = FocusDocuments.NOW.plusSeconds(90);

    private static final StoredInvoice SEPTEMBERS =
            StoredInvoice.unsettled(FocusDocuments.other(4, null, "2026-09", "3.00"));
    private static final StoredInvoice NOTE = note(6, 4, "-0.30");
    private static final StoredInvoice VOIDED = asVoid(FocusDocuments.other(5, null, "2026-10", "2.00"));

    @Test
    void aMonthIsEmptyInWhichNothingWasBilledCreditedOrTakenBack() {
        StoredInvoice paid = new StoredInvoice(SEPTEMBERS.document(), StoredInvoice.PAID, FocusDocuments.TAKEN_BACK);

        assertThat(period(NOVEMBER, null, List.of(SEPTEMBERS)).isEmpty()).isTrue();
        assertThat(period(NOVEMBER, null, List.of(paid)).isEmpty())
                .as("what is paid was billed before")
                .isTrue();
        assertThat(period(OCTOBER, null, List.of(SEPTEMBERS, VOIDED, NOTE)).isEmpty())
                .as("both came in November")
                .isTrue();
        assertThat(period(NOVEMBER, null, List.of(NOTE)).isEmpty()).isFalse();
        assertThat(period(NOVEMBER, null, List.of(VOIDED)).isEmpty()).isFalse();
        assertThat(period(NOVEMBER, SEPTEMBERS, List.of()).isEmpty()).isFalse();
    }

    @Test
    void ofAVoidInvoiceWhatItsCreditNotesLeftIsTakenBack() {
        StoredInvoice invoice = asVoid(SEPTEMBERS.document());

        List<Map<String, Object>> rows = period(
                        NOVEMBER, null, List.of(invoice, VOIDED, NOTE, note(7, 4, "-0.20"), note(8, 5, "-1.00")))
                .costAndUsage(List.of());

        assertThat(rows)
                .filteredOn(row -> !row.containsKey("InvoiceId"))
                .extracting(row -> row.get("BilledCost"))
                .containsExactly(new BigDecimal("-2.50"), new BigDecimal("-1.00"));
        assertThat(rows).as("of three credit notes").hasSize(5);
    }

    @Test
    void creditNotesOfEarlierMonthsTookSomethingOffAsWell() {
        StoredInvoice invoice = new StoredInvoice(SEPTEMBERS.document(), StoredInvoice.VOID, FocusDocuments.NOW);

        assertThat(period(NOVEMBER.plusMonths(1), null, List.of(invoice, NOTE)).costAndUsage(List.of()))
                .extracting(row -> row.get("BilledCost"))
                .containsExactly(new BigDecimal("-2.70"));
    }

    /** There may be one from before that was refused. */
    @Test
    void aCreditNoteThatIsVoidTakesNothingOff() {
        StoredInvoice note = asVoid(NOTE.document());

        assertThat(SEPTEMBERS.left(List.of(SEPTEMBERS, note, note(7, 4, "-0.20"))))
                .isEqualByComparingTo("2.80");
    }

    @Test
    void nothingIsTakenBackOfAVoidInvoiceThatWasCreditedWhole() {
        List<Map<String, Object>> rows = period(
                        NOVEMBER, null, List.of(asVoid(SEPTEMBERS.document()), note(6, 4, "-3.00")))
                .costAndUsage(List.of());

        assertThat(rows).extracting(row -> row.get("InvoiceId")).containsExactly("6");
    }

    @Test
    void detailsAreOfTheBillAndThenOfTheMonthsCreditNotes() {
        StoredInvoice bill = StoredInvoice.unsettled(FocusDocuments.other(9, null, "2026-11", "1.00"));

        assertThat(period(NOVEMBER, bill, List.of(SEPTEMBERS, VOIDED, NOTE, bill))
                        .invoiceDetail())
                .extracting(row -> row.get("InvoiceId"))
                .containsExactly("9", "6");
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void aMonthIsOpenUntilItsInvoiceIsIssued(InvoiceDocument document) {
        boolean issued = document.issuedAt() != null;

        assertThat(period(NOVEMBER, StoredInvoice.unsettled(document), List.of())
                        .billingPeriod())
                .containsExactly(Map.of(
                        "BillingPeriodCreated",
                        Instant.parse("2026-11-01T00:00:00Z"),
                        "BillingPeriodStart",
                        Instant.parse("2026-11-01T00:00:00Z"),
                        "BillingPeriodEnd",
                        Instant.parse("2026-12-01T00:00:00Z"),
                        "BillingPeriodLastUpdated",
                        issued ? FocusDocuments.NOW : ASKED,
                        "BillingPeriodStatus",
                        issued ? "Closed" : "Open",
                        "InvoiceIssuerName",
                        "Wisp"));
    }

    @Test
    void aMonthInWhichNothingWasBilledStaysOpen() {
        assertThat(period(NOVEMBER, null, List.of(VOIDED)).billingPeriod())
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("BillingPeriodStatus", "Open")
                        .containsEntry("BillingPeriodLastUpdated", ASKED));
    }

    private static FocusPeriod period(LocalDate month, @Nullable StoredInvoice bill, List<StoredInvoice> documents) {
        return new FocusPeriod(
                month,
                bill,
                documents,
                new FocusDatasets.Context(PriceBooks.DEFAULT, Map.of(), Map.of(), new TreeMap<>(), null, ASKED));
    }

    /** Issued in November. */
    private static StoredInvoice note(long number, long refersTo, String total) {
        return StoredInvoice.unsettled(FocusDocuments.other(number, refersTo, "2026-09", total));
    }

    private static StoredInvoice asVoid(InvoiceDocument document) {
        return new StoredInvoice(document, StoredInvoice.VOID, FocusDocuments.TAKEN_BACK);
    }
}
