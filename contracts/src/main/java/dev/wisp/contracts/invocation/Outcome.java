package dev.wisp.contracts.invocation;

/** How an invocation ended. Only the first four are billed: the others are the platform's fault or never ran. */
public enum Outcome {
    /** The container answered, with whatever status below 500. */
    SUCCESS(0, true),
    /** The container answered with 5xx, broke off or exited. */
    ERROR(1, true),
    /** The container took longer than its timeout. */
    TIMEOUT(2, true),
    /** The caller went away before the answer was complete, or the money of its capped budget did. */
    CLIENT_GONE(3, true),
    /** The container was killed for want of memory. */
    OUT_OF_MEMORY(4, false),
    /** The platform failed the call, or died while it was in flight. */
    PLATFORM_ERROR(5, false);

    private final int wireCode;
    private final boolean billed;

    Outcome(int wireCode, boolean billed) {
        this.wireCode = wireCode;
        this.billed = billed;
    }

    /** The number that stands for it in an encoded record; never changes. */
    public int wireCode() {
        return wireCode;
    }

    /** Throws {@link IllegalArgumentException} for a number that stands for nothing. */
    public static Outcome ofWireCode(int wireCode) {
        for (Outcome outcome : values()) {
            if (outcome.wireCode == wireCode) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("outcome=%d is not known".formatted(wireCode));
    }

    public boolean isBilled() {
        return billed;
    }
}
