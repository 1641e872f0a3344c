package dev.wisp.node.sandbox;

import java.time.Duration;

/** How many sandboxes to hold ready with a way out: one as soon as somebody has needed one, and more for a burst like the latest, within a bound. */
final class ReadyPolicy {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * @param ready waiting now
     * @param sinceStart time since the last start that took one
     * @param demand decayed number of such starts
     */
    record Observed(int ready, Duration sinceStart, double demand) {}

    /** What to do next. */
    sealed interface Step {

        /** Make one more. */
        record Connect() implements Step {}

        /** Throw one away. */
        record Discard() implements Step {}

        /** Nothing, until something changes or so long. */
        record Wait(Duration atMost) implements Step {}
    }

    private ReadyPolicy() {}

    static Step next(int readyMax, Observed observed) {
        int target = Math.min(readyMax, Math.max(1, (int) Math.ceil(observed.demand())));
        if (observed.ready() > target) {
            return new Step.Discard();
        }
        if (observed.ready() == target) {
            return new Step.Wait(PATIENCE);
        }
        Duration quiet = PoolPolicy.QUIET.minus(observed.sinceStart());
        return quiet.isPositive() ? new Step.Wait(quiet) : new Step.Connect();
    }
}
