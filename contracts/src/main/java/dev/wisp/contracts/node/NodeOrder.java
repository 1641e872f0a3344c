package dev.wisp.contracts.node;

import java.time.Instant;

/**
 * What an operator wants of a node; it stands until it is taken back, also while the node is away.
 *
 * @param reason why, for people; may be empty
 */
public record NodeOrder(String nodeId, Wish wish, String reason, Instant at) {

    /** Longest reason that is kept. */
    public static final int REASON_LENGTH_MAX = 256;

    /** From less to more. */
    public enum Wish {
        /** It keeps what it has and gets nothing new. */
        CORDON,
        /** It gets nothing new, and what it has ends as soon as its requests are over. */
        DRAIN
    }

    public NodeOrder {
        if (reason.length() > REASON_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "reason of %d characters, must be at most %d".formatted(reason.length(), REASON_LENGTH_MAX));
        }
    }
}
