package dev.wisp.gateway.coldstart;

/** How long a node that refused is left alone. */
public final class BackoffPolicy {

    private static final long FIRST_NANOS = 20_000_000;
    private static final long LONGEST_NANOS = 2_000_000_000;
    private static final int DOUBLINGS_MAX = 7;

    private BackoffPolicy() {}

    /**
     * 20 ms, doubled with each refusal in a row up to 2 s, and of that a share between half and all by {@code jitter}, so that
     * gateways which were refused together do not come back together. Short at first because a full node frees a slot when any
     * request ends.
     *
     * @param refusals in a row, at least 1
     * @param jitter in [0, 1)
     */
    public static long delayNanos(int refusals, double jitter) {
        long longest = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(refusals - 1, DOUBLINGS_MAX));
        return (long) (longest * (0.5 + jitter / 2));
    }
}
