package dev.wisp.billing.ledger;

/** What a link of the chain covers; its code is in the ledger and never changes. */
public enum ChainKind {
    /** Invocations of one namespace and day that were stored together. */
    INVOCATIONS(0),
    CORRECTION(1),
    PRICE_BOOK(2),
    INVOICE(3),
    /** A day whose records were dropped. */
    RETIRED_DAY(4),
    DAY_ROOT(5),
    INVOICE_EVENT(6),
    CREDIT(7),
    /** What instances of one namespace had of one day's time, stored together. */
    INSTANCE_TIME(8),
    /** Labels of revisions of one namespace that were heard of together. */
    LABELS(9);

    private final short storedCode;

    ChainKind(int storedCode) {
        this.storedCode = (short) storedCode;
    }

    public short storedCode() {
        return storedCode;
    }
}
