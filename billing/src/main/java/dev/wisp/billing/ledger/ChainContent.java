package dev.wisp.billing.ledger;

import java.time.LocalDate;

/**
 * Rows that become a link.
 *
 * @param namespace whose chain; empty for what belongs to none
 * @param day of invocations; 1970-01-01 for everything else
 * @param content the batch of invocations, or the number of the row
 * @param digest SHA-256 of the rows' SHA-256s in the order of their keys
 */
@SuppressWarnings("ArrayRecordComponent") // Carried from one statement to the next and never compared.
public record ChainContent(String namespace, ChainKind kind, LocalDate day, long content, long rows, byte[] digest) {

    /** The day of what has none. */
    public static final LocalDate NO_DAY = LocalDate.EPOCH;

    /** One row that belongs to no namespace. */
    public static ChainContent row(ChainKind kind, long number, byte[] digest) {
        return new ChainContent("", kind, NO_DAY, number, 1, digest);
    }
}
