package dev.wisp.node.instance;

/**
 * Why an instance ended.
 *
 * @param cause for metrics, bounded
 * @param reason for people: {@code idle 1.0 s, plan holds 0}
 */
public record Ending(Cause cause, String reason) {

    /** Bounded set of causes. */
    public enum Cause {
        IDLE,
        /** Was frozen, and another needed what it held. */
        EVICTED,
        RETIRED,
        OUT_OF_MEMORY,
        CRASH,
        START_FAILED,
        SHUTDOWN
    }
}
