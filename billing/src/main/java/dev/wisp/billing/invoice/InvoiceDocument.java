package dev.wisp.billing.invoice;

import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An invoice, a draft of one, or a credit note.
 *
 * @param number in the one series of the ledger; null for a draft
 * @param month its first day
 * @param subtotal sum of the lines that are neither credit nor tax
 * @param total sum of all lines
 * @param snapshots what the lines were computed from: this month, and earlier ones with records that came late
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
        List<Snapshot> snapshots) {

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
     *     the prices and from the lines above, corrections from rows of their own
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
            @Nullable String records) {}

    /** So many units at one price. */
    public record Part(String quantity, String unitPrice) {}

    /** What was used in a month, per version of the prices in base units of the meters. */
    public record Snapshot(LocalDate month, List<Usage> usage) {}

    /** Under one version. */
    public record Usage(int priceVersion, Map<Meter, BigInteger> quantities) {}

    InvoiceDocument issued(long withNumber, Instant at, Instant due) {
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
                lines,
                subtotal,
                creditApplied,
                tax,
                total,
                snapshots);
    }
}
