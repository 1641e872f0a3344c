package dev.wisp.billing.invoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document with what became of it.
 *
 * @param state {@link #FINAL}, {@link #PAID} or {@link #VOID}
 * @param settledAt when it was paid or void, null before
 */
public record StoredInvoice(
        InvoiceDocument document, String state, @Nullable Instant settledAt) {

    public static final String FINAL = "FINAL";
    public static final String PAID = "PAID";
    public static final String VOID = "VOID";

    /** A draft, or what is neither paid nor void. */
    public static StoredInvoice unsettled(InvoiceDocument document) {
        return new StoredInvoice(document, FINAL, null);
    }

    @JsonIgnore
    public boolean isVoid() {
        return state.equals(VOID);
    }

    /**
     * What is to be paid of an issued invoice, or was until it became void: its total less what credit notes took off.
     *
     * @param documents all that were issued
     */
    public BigDecimal left(List<StoredInvoice> documents) {
        return documents.stream()
                .filter(note -> Objects.equals(note.document.refersTo(), document.number()) && !note.isVoid())
                .map(note -> new BigDecimal(note.document.total()))
                .reduce(new BigDecimal(document.total()), BigDecimal::add);
    }
}
