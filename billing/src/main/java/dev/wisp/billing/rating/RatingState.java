package dev.wisp.billing.rating;

/** How the cost of a stored record came about; its code is in the ledger and never changes. */
public enum RatingState {
    /** Computed here and equal to what the node said. */
    CONFIRMED(0),
    /** Computed here; the node's differed. */
    CORRECTED(1),
    /** The node's: its price version is not known here. */
    UNKNOWN_PRICE(2);

    private final int storedCode;

    RatingState(int storedCode) {
        this.storedCode = storedCode;
    }

    public int storedCode() {
        return storedCode;
    }

    /** Throws {@link IllegalArgumentException} for a code that stands for nothing. */
    public static RatingState ofStoredCode(int code) {
        for (RatingState state : values()) {
            if (state.storedCode == code) {
                return state;
            }
        }
        throw new IllegalArgumentException("rating=%d is not known".formatted(code));
    }
}
