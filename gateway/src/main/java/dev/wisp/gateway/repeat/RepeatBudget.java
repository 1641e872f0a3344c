package dev.wisp.gateway.repeat;

/**
 * What a revision may still repeat. Each call that was answered earns a share of a repetition, up to a bound; each repetition costs
 * one. When nothing is answered any more nothing is earned, so repetitions end soon and an outage is not made worse by them (gRPC A6
 * "retry throttling" counts so; its bucket and Finagle's {@code RetryBudget} are the models). Calls in flight were promised theirs when
 * they were sent: when many break at once the budget goes below zero, and is earned back before there is a further one. Owned by the
 * revision's event loop; knows no time.
 */
public final class RepeatBudget {

    private static final int WHOLE = 100;

    private final int earned;
    private final int most;
    private int left;

    public RepeatBudget(RepeatLimits limits) {
        earned = limits.percent();
        most = limits.burst() * WHOLE;
        left = most;
    }

    public boolean allows() {
        return left >= WHOLE;
    }

    public void answered() {
        left = Math.min(most, left + earned);
    }

    public void repeated() {
        left -= WHOLE;
    }
}
