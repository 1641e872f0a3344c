package dev.wisp.gateway.coldstart;

/** What a start that failed through the workload's own fault means for the requests that are held. */
public final class FailurePolicy {

    /** Starts that may fail in a row before callers are told: one retry, because a race at boot deserves a second look. */
    public static final int FAILURES_MAX = 2;

    private FailurePolicy() {}

    /** What to do with the held requests. */
    public enum Verdict {
        /** Ask for a start again. */
        RETRY,
        /** An instance lives or another start is under way: it may still serve them. */
        WAIT,
        /** Nothing can serve them: answer with the problem. */
        FAIL_HELD
    }

    /**
     * @param failures starts that failed since one last succeeded
     * @param live instances known
     * @param starting starts still under way
     */
    public static Verdict decide(int failures, int live, int starting) {
        if (live > 0) {
            return Verdict.WAIT;
        }
        if (failures < FAILURES_MAX) {
            return Verdict.RETRY;
        }
        return starting > 0 ? Verdict.WAIT : Verdict.FAIL_HELD;
    }

    /** Whether no further start should be asked for before those under way have ended. */
    public static boolean isHeldBack(int failures, int live, int starting) {
        return failures >= FAILURES_MAX && live == 0 && starting > 0;
    }
}
