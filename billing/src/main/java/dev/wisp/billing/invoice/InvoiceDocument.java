package dev.wisp.billing.invoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * An invoice, a draft of one, or a credit note.
 *
 * @param number in the one series of the ledger; null for a draft
 * @param month its first day
 * @param subtotal sum of the lines that are neither credit nor tax
 * @param total sum of all lines
 * @param snapshots what the lines were computed from: this month, and earlier ones with records that came late
 * @param links the last link of each namespace's chain whose records it counts; null of what has no records, of drafts, and of invoices from
 *     before they said so
 */
public record InvoiceDocument(
        @Nullable Long number,
        String kind,
        @Nullable Long refersTo,
        String issuer,
        String account,
        LocalDate month,
        @Nullable Instant issuedAt,
        @Nullable Instant dueAt,
        String currency,
        List<Line> lines,
        String subtotal,
        String creditApplied,
        String tax,
        String total,
        List<Snapshot> snapshots,
        @Nullable SortedMap<String, Long> links) {

    static final String INVOICE = "INVOICE";
    static final String CREDIT_NOTE = "CREDIT_NOTE";

    /** What a line is for. */
    public enum Category {
        USAGE,
        FEE,
        MINIMUM,
        CORRECTION,
        CREDIT,
        TAX
    }

    /**
     * One amount.
     *
     * @param quantity in priced units, null where there is none
     * @param parts quantity and price of each step
     * @param exact before rounding, as a fraction of picos
     * @param amount rounded once, in units of the currency
     * @param records where the records are that it is made of, page by page; null of what has none: fee, minimum, credit and tax come from
     *     the prices and from the lines above, calls that were taken back from rows of their own
     * @param corrects the month whose records came after its invoice, null of everything else
     */
    public record Line(
            String id,
            Category category,
            @Nullable Integer priceVersion,
            @Nullable Meter meter,
            String description,
            @Nullable String quantity,
            @Nullable String unit,
            List<Part> parts,
            String exact,
            String amount,
            @Nullable String records,
            @Nullable LocalDate corrects) {

        /** Once the invoice has a number: what comes later is none of it. */
        private Line billedBy(long invoice) {
            String from = corrects == null ? records : billedCalls(corrects);
            return new Line(
                    id,
                    category,
                    priceVersion,
                    meter,
                    description,
                    quantity,
                    unit,
                    parts,
                    exact,
                    amount,
                    from == null ? null : "%s&invoice=%d".formatted(from, invoice),
                    corrects);
        }

        private static String billedCalls(LocalDate month) {
            return "%s&meter=%s".formatted(recordsOf("records", month), Meter.REQUESTS);
        }
    }

    /** Where the ledger stood when it was made: of a draft, behind everything; of an invoice from before links were named, when it was issued. */
    @JsonIgnore
    public ChainCut cut() {
        if (links != null) {
            return ChainCut.after(links);
        }
        return issuedAt == null ? ChainCut.NONE : ChainCut.after(issuedAt);
    }

    /** Whether it takes something off an invoice. */
    @JsonIgnore
    public boolean isCreditNote() {
        return kind.equals(CREDIT_NOTE);
    }

    /**
     * Where records of a month are.
     *
     * @param kind {@code records} of calls or {@code instance-times}
     */
    static String recordsOf(String kind, LocalDate month) {
        return "/v1/billing/%s?from=%sT00:00:00Z&to=%sT00:00:00Z".formatted(kind, month, month.plusMonths(1));
    }

    /** So many units at one price. */
    public record Part(String quantity, String unitPrice) {}

    /** What was used in a month, per version of the prices in base units of the meters. */
    public record Snapshot(LocalDate month, List<Usage> usage) {}

    /** Under one version. */
    public record Usage(int priceVersion, Map<Meter, BigInteger> quantities) {}

    /**
     * @param upTo the last links whose records it counts, null when it counts none
     */
    InvoiceDocument issued(long withNumber, Instant at, Instant due, @Nullable SortedMap<String, Long> upTo) {
        return new InvoiceDocument(
                withNumber,
                kind,
                refersTo,
                issuer,
                account,
                month,
                at,
                due,
                currency,
                lines.stream().map(line -> line.billedBy(withNumber)).toList(),
                subtotal,
                creditApplied,
                tax,
                total,
                snapshots,
                upTo);
    }
}
