package dev.wisp.node.instance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a node does next for one revision: start what the plan holds, stop what has been idle for its keep-alive beyond that. */
final class ConvergencePolicy {

    /** What was started for a request is kept at least until that request can have come, whatever the keep-alive. */
    static final Duration UNUSED_KEEP_ALIVE = Duration.ofSeconds(1);

    private ConvergencePolicy() {}

    /**
     * A live instance.
     *
     * @param used whether a request has ever come in
     * @param idleSinceNanos monotonic, only meaningful with nothing in flight
     */
    record Observed(String id, boolean ready, int inFlight, boolean used, long idleSinceNanos) {

        boolean isIdle() {
            return ready && inFlight == 0;
        }
    }

    /**
     * What is wanted.
     *
     * @param count instances the plan holds on this node
     * @param keepAlive how long one beyond that may be idle
     * @param startNotBeforeNanos earliest next start, after crashes
     * @param retirement why all must go, null while the revision lives
     */
    record Wanted(
            int count,
            Duration keepAlive,
            long startNotBeforeNanos,
            @Nullable Ending retirement) {}

    /** One step, idempotent. */
    sealed interface Action {

        /** Starts so many. */
        record StartInstances(int number) implements Action {}

        /** Stops one if it is still idle. */
        record StopInstance(String id, Ending ending) implements Action {}

        /** Lets one finish what it has, then stops it. */
        record DrainInstance(String id, Ending ending) implements Action {}
    }

    /**
     * Steps to take now, and when to look again if nothing happens before.
     *
     * @param lookAgainAtNanos {@link Long#MAX_VALUE} when there is nothing to wait for
     */
    record Convergence(List<Action> actions, long lookAgainAtNanos) {}

    static Convergence converge(Wanted wanted, List<Observed> live, long nowNanos) {
        if (wanted.retirement() != null) {
            return retire(wanted.retirement(), live);
        }
        int excess = live.size() - wanted.count();
        if (excess < 0) {
            return start(-excess, wanted.startNotBeforeNanos(), nowNanos);
        }
        return stopIdle(wanted, live, excess, nowNanos);
    }

    private static Convergence retire(Ending ending, List<Observed> live) {
        List<Action> actions = new ArrayList<>();
        for (Observed instance : live) {
            if (instance.ready()) {
                actions.add(
                        instance.isIdle()
                                ? new Action.StopInstance(instance.id(), ending)
                                : new Action.DrainInstance(instance.id(), ending));
            }
        }
        return new Convergence(actions, Long.MAX_VALUE);
    }

    private static Convergence start(int number, long notBeforeNanos, long nowNanos) {
        return notBeforeNanos - nowNanos > 0
                ? new Convergence(List.of(), notBeforeNanos)
                : new Convergence(List.of(new Action.StartInstances(number)), Long.MAX_VALUE);
    }

    private static Convergence stopIdle(Wanted wanted, List<Observed> live, int excess, long nowNanos) {
        List<Observed> longestIdleFirst = live.stream()
                .filter(Observed::isIdle)
                .sorted(Comparator.comparingLong((Observed instance) ->
                                instance.idleSinceNanos() + keepAliveNanos(instance, wanted) - nowNanos)
                        .thenComparing(Observed::id))
                .limit(excess)
                .toList();
        List<Action> actions = new ArrayList<>();
        for (Observed instance : longestIdleFirst) {
            long idleNanos = nowNanos - instance.idleSinceNanos();
            long restNanos = keepAliveNanos(instance, wanted) - idleNanos;
            if (restNanos > 0) {
                return new Convergence(actions, nowNanos + restNanos);
            }
            actions.add(new Action.StopInstance(instance.id(), idle(idleNanos, wanted.count())));
        }
        return new Convergence(actions, Long.MAX_VALUE);
    }

    static long keepAliveNanos(boolean used, Duration keepAlive) {
        return used ? keepAlive.toNanos() : Math.max(keepAlive.toNanos(), UNUSED_KEEP_ALIVE.toNanos());
    }

    private static long keepAliveNanos(Observed instance, Wanted wanted) {
        return keepAliveNanos(instance.used(), wanted.keepAlive());
    }

    private static Ending idle(long idleNanos, int count) {
        return new Ending(
                Ending.Cause.IDLE,
                String.format(Locale.ROOT, "idle %.1f s, plan holds %d here", idleNanos / 1e9, count));
    }
}
