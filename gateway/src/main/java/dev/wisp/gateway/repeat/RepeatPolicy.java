package dev.wisp.gateway.repeat;

/**
 * Decides, before a request is sent to an instance, whether it will be sent to another one should the first break off before it
 * answers. Asked beforehand because the node records the call otherwise, and a call has one record. A request that never reached an
 * instance is no repetition: it may always go elsewhere.
 */
public final class RepeatPolicy {

    /** Longest body that is kept for it, bytes. */
    public static final int BODY_BYTES_MAX = 64 << 10;

    /** Repetitions of one request: what breaks two instances would break a third. */
    public static final int REPEATS_MAX = 1;

    private RepeatPolicy() {}

    /** What a request's head says about being made twice. */
    public enum Claim {
        /** Nothing: it may have done what must not be done again. */
        NONE,
        /** Its method is idempotent. */
        IDEMPOTENT,
        /** It has an {@code Idempotency-Key}: whoever made it says that the workload knows a repetition. */
        MARKED
    }

    /** Whether it would be sent again, and why not. */
    public enum Verdict {
        REPEAT,
        NOT_IDEMPOTENT,
        BODY_NOT_KEPT,
        REPEATED_BEFORE,
        BUDGET_SPENT,
        /** It would have been, but its instance had begun to answer, took too long, or sent what is no HTTP. */
        TOO_LATE
    }

    /** By the method (RFC 9110, 9.2.2), or else by whether the request is marked. */
    public static Claim claim(String method, boolean marked) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> Claim.IDEMPOTENT;
            default -> marked ? Claim.MARKED : Claim.NONE;
        };
    }

    /**
     * @param bodyBytes length of the body, negative when only its end will tell
     * @param brokenBefore instances that broke off with it before
     * @param inBudget whether the revision's {@link RepeatBudget} allows one more
     */
    public static Verdict decide(Claim claim, long bodyBytes, int brokenBefore, boolean inBudget) {
        if (claim == Claim.NONE) {
            return Verdict.NOT_IDEMPOTENT;
        }
        if (bodyBytes < 0 || bodyBytes > BODY_BYTES_MAX) {
            return Verdict.BODY_NOT_KEPT;
        }
        if (brokenBefore >= REPEATS_MAX) {
            return Verdict.REPEATED_BEFORE;
        }
        return inBudget ? Verdict.REPEAT : Verdict.BUDGET_SPENT;
    }
}
