package dev.wisp.autoscaler.decision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Knative's pod autoscaler as a function. Two averages of the load, a slow one and a fast one, are divided by the target; the fast one
 * alone decides whether this is a panic, in which the count only grows until the load has been calm for one stable window.
 */
public final class KpaPolicy {

    private KpaPolicy() {}

    /**
     * Load and instances at one moment.
     *
     * @param stableAverage load averaged over the stable window
     * @param panicAverage load averaged over the panic window
     * @param ready instances that can serve
     * @param reachable whether any route leads to the revision; one without may shrink at any rate
     */
    public record Observation(double stableAverage, double panicAverage, int ready, boolean reachable) {}

    public static KpaDecision decide(KpaSettings settings, KpaState state, Observation seen, Instant now) {
        int ready = Math.max(1, seen.ready());
        int stepMax = saturated(Math.ceil(settings.scaleUpRateMax() * ready));
        int stepMin = seen.reachable() ? saturated(Math.floor(ready / settings.scaleDownRateMax())) : 0;
        int stableWanted = saturated(Math.ceil(seen.stableAverage() / settings.target()));
        int panicWanted = saturated(Math.ceil(seen.panicAverage() / settings.target()));
        int stable = activated(settings, stableWanted, Math.min(Math.max(stableWanted, stepMin), stepMax));
        int panic = activated(settings, panicWanted, Math.min(Math.max(panicWanted, stepMin), stepMax));

        boolean overloaded = (double) panicWanted / ready >= settings.panicThreshold();
        Instant panicAt = panicAt(settings, state, overloaded, now);
        int panicDesiredMax = panicAt == null ? 0 : Math.max(state.panicDesiredMax(), Math.max(stable, panic));
        int undelayed = panicAt == null ? stable : panicDesiredMax;

        DelayedMaximum delayed = delayed(settings, state, seen, undelayed, now);
        int desired = Math.max(undelayed, delayed.maximum());
        return new KpaDecision(
                desired,
                excessBurstCapacity(settings, seen),
                stableWanted,
                panicWanted,
                stepMax,
                stepMin,
                undelayed,
                new KpaState(panicAt, panicDesiredMax, delayed));
    }

    private static int activated(KpaSettings settings, int wanted, int stepped) {
        return settings.activationScale() > 1 && wanted > 0 ? Math.max(stepped, settings.activationScale()) : stepped;
    }

    private static @Nullable Instant panicAt(KpaSettings settings, KpaState state, boolean overloaded, Instant now) {
        if (overloaded) {
            return now;
        }
        Instant since = state.panicAt();
        boolean over = since != null && since.plus(settings.stableWindow()).isBefore(now);
        return over ? null : since;
    }

    private static DelayedMaximum delayed(
            KpaSettings settings, KpaState state, Observation seen, int undelayed, Instant now) {
        boolean delaying = settings.scaleDownDelay().isPositive() && seen.reachable();
        return delaying ? state.delayed().with(now, undelayed, settings.scaleDownDelay()) : DelayedMaximum.EMPTY;
    }

    /** Uses the instances there are, even none, and what they can take rather than what they are planned for. */
    private static long excessBurstCapacity(KpaSettings settings, Observation seen) {
        if (settings.burstCapacity() == 0 || settings.burstCapacity() == -1) {
            return (long) settings.burstCapacity();
        }
        return (long) Math.floor(seen.ready() * settings.capacity() - settings.burstCapacity() - seen.panicAverage());
    }

    /** A count of instances that fits, whatever the load says; not a number means there is no load to speak of. */
    private static int saturated(double count) {
        return (int) Math.max(0, count);
    }
}
