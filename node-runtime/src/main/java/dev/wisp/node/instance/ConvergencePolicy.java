package dev.wisp.node.instance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a node does next for one revision: start what the plan holds, stop what has been idle for its keep-alive beyond that. */
final class ConvergencePolicy {

    private ConvergencePolicy() {}

    /**
     * A live instance.
     *
     * @param used whether a request has ever come in
     * @param idleSinceNanos monotonic, only meaningful with nothing in flight
     * @param frozen whether it is off the processors
     */
    record Observed(String id, boolean ready, int inFlight, boolean used, long idleSinceNanos, boolean frozen) {

        boolean isIdle() {
            return ready && inFlight == 0;
        }
    }

    /**
     * What is wanted.
     *
     * @param count instances the plan holds on this node
     * @param granted instances there may be on this node at all; those beyond it end even under load
     * @param patience how long idle ones are left as they are
     * @param startNotBeforeNanos earliest next start, after crashes
     * @param retirement why all must go, null while the revision lives
     */
    record Wanted(
            int count,
            int granted,
            Patience patience,
            long startNotBeforeNanos,
            @Nullable Ending retirement) {}

    /** One step, idempotent. */
    sealed interface Action {

        /** Starts so many. */
        record StartInstances(int number) implements Action {}

        /** Stops one if it is still idle. */
        record StopInstance(String id, Ending ending) implements Action {}

        /** Takes one off the processors if it is idle since then. */
        record FreezeInstance(String id, long idleSinceNanos) implements Action {}

        /** Lets one finish what it has, then stops it. */
        record DrainInstance(String id, Ending ending) implements Action {}
    }

    /**
     * Steps to take now, and when to look again if nothing happens before.
     *
     * @param lookAgainAtNanos {@link Long#MAX_VALUE} when there is nothing to wait for
     */
    record Convergence(List<Action> actions, long lookAgainAtNanos) {

        private Convergence and(Convergence other) {
            List<Action> both = new ArrayList<>(actions);
            both.addAll(other.actions);
            return new Convergence(both, Math.min(lookAgainAtNanos, other.lookAgainAtNanos));
        }
    }

    static Convergence converge(Wanted wanted, List<Observed> live, long nowNanos) {
        if (wanted.retirement() != null) {
            return retire(wanted.retirement(), live);
        }
        int excess = live.size() - wanted.count();
        if (live.size() > wanted.granted()) {
            return giveBack(wanted, live, live.size() - wanted.granted());
        }
        Convergence number = excess < 0
                ? start(-excess, wanted.startNotBeforeNanos(), nowNanos)
                : stopIdle(wanted, live, excess, nowNanos);
        return wanted.patience().freezes() ? number.and(freezeIdle(wanted.patience(), live, nowNanos)) : number;
    }

    /** One that is to be stopped as well is asked for that first, and is not idle any more when its freezing comes up. */
    private static Convergence freezeIdle(Patience patience, List<Observed> live, long nowNanos) {
        List<Action> actions = new ArrayList<>();
        long nextNanos = Long.MAX_VALUE;
        for (Observed instance : live) {
            if (!instance.isIdle() || instance.frozen()) {
                continue;
            }
            long restNanos = patience.freezeAfterNanos(instance.used()) - (nowNanos - instance.idleSinceNanos());
            if (restNanos > 0) {
                nextNanos = Math.min(nextNanos, nowNanos + restNanos);
            } else {
                actions.add(new Action.FreezeInstance(instance.id(), instance.idleSinceNanos()));
            }
        }
        return new Convergence(actions, nextNanos);
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

    /**
     * The rest of the grant is another node's now. As long as requests come, gateways would keep instances here busy, and the two together
     * would be more than max-scale. What is started for a request is left until it listens.
     */
    private static Convergence giveBack(Wanted wanted, List<Observed> live, int excess) {
        Ending ending = new Ending(
                Ending.Cause.IDLE, "%d live, the plan grants %d here".formatted(live.size(), wanted.granted()));
        List<Action> actions = live.stream()
                .filter(Observed::ready)
                .sorted(Comparator.comparingInt(Observed::inFlight).thenComparing(Observed::id))
                .limit(excess)
                .<Action>map(instance -> instance.isIdle()
                        ? new Action.StopInstance(instance.id(), ending)
                        : new Action.DrainInstance(instance.id(), ending))
                .toList();
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
                                instance.idleSinceNanos() + stopAfterNanos(instance, wanted) - nowNanos)
                        .thenComparing(Observed::id))
                .limit(excess)
                .toList();
        List<Action> actions = new ArrayList<>();
        for (Observed instance : longestIdleFirst) {
            long idleNanos = nowNanos - instance.idleSinceNanos();
            long restNanos = stopAfterNanos(instance, wanted) - idleNanos;
            if (restNanos > 0) {
                return new Convergence(actions, nowNanos + restNanos);
            }
            actions.add(new Action.StopInstance(instance.id(), idle(idleNanos, wanted)));
        }
        return new Convergence(actions, Long.MAX_VALUE);
    }

    private static long stopAfterNanos(Observed instance, Wanted wanted) {
        return wanted.patience().stopAfterNanos(instance.used());
    }

    private static Ending idle(long idleNanos, Wanted wanted) {
        Patience patience = wanted.patience();
        String kept = patience.keepsFrozen()
                ? ", was kept frozen for %d s".formatted(patience.keepFrozen().toSeconds())
                : "";
        return new Ending(
                Ending.Cause.IDLE,
                String.format(Locale.ROOT, "idle %.1f s, plan holds %d here%s", idleNanos / 1e9, wanted.count(), kept));
    }
}
