package dev.wisp.autoscaler.replay;

/**
 * What a policy came to.
 *
 * @param coldStarts calls that found no instance
 * @param startsAhead starts before a call, which nobody waited for
 * @param idleGbSeconds memory held by instances that did nothing
 */
public record ReplayResult(long calls, long coldStarts, long startsAhead, double idleGbSeconds) {

    static final ReplayResult NONE = new ReplayResult(0, 0, 0, 0);

    ReplayResult plus(ReplayResult other) {
        return new ReplayResult(
                calls + other.calls,
                coldStarts + other.coldStarts,
                startsAhead + other.startsAhead,
                idleGbSeconds + other.idleGbSeconds);
    }

    /** Mean over all calls, warm ones included. */
    public double addedLatencyMillis(double startSeconds) {
        return calls == 0 ? 0 : coldStarts * startSeconds * 1_000 / calls;
    }
}
