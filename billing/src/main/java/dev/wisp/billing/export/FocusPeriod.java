package dev.wisp.billing.export;

import dev.wisp.billing.invoice.BillingMonth;
import dev.wisp.billing.invoice.StoredInvoice;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a billing period: those of its invoice or the draft of it, of credit notes that were issued in it, and of documents that became void
 * in it. A period that is closed gets no more rows, so that the BilledCost of all periods is what is owed.
 */
final class FocusPeriod {

    private final LocalDate month;
    private final @Nullable StoredInvoice bill;
    private final List<StoredInvoice> notes;
    private final List<StoredInvoice> voided;
    private final List<StoredInvoice> documents;
    private final FocusDatasets.Context context;

    /**
     * @param month its first day
     * @param bill the month's invoice or its draft, null when nothing was used
     * @param documents every one that was issued, in the order of their numbers
     */
    FocusPeriod(
            LocalDate month,
            @Nullable StoredInvoice bill,
            List<StoredInvoice> documents,
            FocusDatasets.Context context) {
        this.month = month;
        this.bill = bill;
        this.documents = List.copyOf(documents);
        this.context = context;
        this.notes = documents.stream()
                .filter(stored -> stored.document().isCreditNote())
                .filter(stored -> FocusDatasets.period(stored.document()).equals(month))
                .toList();
        this.voided = documents.stream()
                .filter(StoredInvoice::isVoid)
                .filter(stored -> BillingMonth.of(settledAt(stored)).equals(month))
                .toList();
    }

    /** Nothing was used, credited or taken back. */
    boolean isEmpty() {
        return all().isEmpty();
    }

    @Nullable
    StoredInvoice bill() {
        return bill;
    }

    /**
     * @param usage what the period's bill counts
     */
    List<Map<String, Object>> costAndUsage(List<HourUsage> usage) {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (bill != null) {
            rows.addAll(datasets(bill).costAndUsage(usage));
            String root = context.ledgerRoot();
            if (root != null) {
                rows.forEach(row -> row.put("x_LedgerRoot", root));
            }
        }
        notes.forEach(note -> rows.addAll(datasets(note).costAndUsage(List.of())));
        for (StoredInvoice stored : voided) {
            BigDecimal left = stored.left(documents);
            if (left.signum() != 0) {
                rows.add(datasets(stored).reversal(left));
            }
        }
        return rows;
    }

    /** A line of each document that was issued in the period; of the draft, those that it will have. */
    List<Map<String, Object>> invoiceDetail() {
        return Stream.concat(Stream.ofNullable(bill), notes.stream())
                .flatMap(stored -> datasets(stored).invoiceDetail().stream())
                .toList();
    }

    List<Map<String, Object>> billingPeriod() {
        Map<String, Object> row = new HashMap<>();
        Instant start = BillingMonth.start(month);
        Instant issuedAt = bill == null ? null : bill.document().issuedAt();
        row.put("BillingPeriodCreated", start);
        row.put("BillingPeriodStart", start);
        row.put("BillingPeriodEnd", BillingMonth.end(month));
        row.put("BillingPeriodLastUpdated", issuedAt == null ? context.now() : issuedAt);
        row.put("BillingPeriodStatus", issuedAt == null ? "Open" : "Closed");
        row.put("InvoiceIssuerName", all().getFirst().document().issuer());
        return List.of(row);
    }

    private List<StoredInvoice> all() {
        return Stream.of(Stream.ofNullable(bill), notes.stream(), voided.stream())
                .flatMap(stream -> stream)
                .toList();
    }

    private static Instant settledAt(StoredInvoice stored) {
        return Objects.requireNonNull(stored.settledAt());
    }

    private FocusDatasets datasets(StoredInvoice stored) {
        return new FocusDatasets(stored, context);
    }
}
