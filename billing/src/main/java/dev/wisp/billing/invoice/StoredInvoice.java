package dev.wisp.billing.invoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
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

    /** What has no number yet. */
    public static StoredInvoice draft(InvoiceDocument document) {
        return new StoredInvoice(document, FINAL, null);
    }

    @JsonIgnore
    public boolean isVoid() {
        return state.equals(VOID);
    }
}
