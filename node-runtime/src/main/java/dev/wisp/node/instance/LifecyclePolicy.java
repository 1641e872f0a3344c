package dev.wisp.node.instance;

import dev.wisp.node.instance.InstanceInput.DrainAsked;
import dev.wisp.node.instance.InstanceInput.Listening;
import dev.wisp.node.instance.InstanceInput.ProcessEnded;
import dev.wisp.node.instance.InstanceInput.RequestArrived;
import dev.wisp.node.instance.InstanceInput.RequestEnded;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.InstanceState.Gone;
import dev.wisp.node.instance.InstanceState.Ready;
import dev.wisp.node.instance.InstanceState.Starting;
import org.jspecify.annotations.Nullable;

/** Every move of an instance's life, legal or refused. */
final class LifecyclePolicy {

    private LifecyclePolicy() {}

    /**
     * The state that follows.
     *
     * @param slots requests an instance serves at once, 0 means no limit
     * @return null when the input is refused in this state
     */
    static @Nullable InstanceState next(InstanceState state, InstanceInput input, int slots) {
        return switch (state) {
            case Starting starting -> fromStarting(starting, input);
            case Ready ready -> fromReady(ready, input, slots);
            case Draining draining -> fromDraining(draining, input);
            case Gone gone -> null;
        };
    }

    private static @Nullable InstanceState fromStarting(Starting starting, InstanceInput input) {
        return switch (input) {
            case Listening listening -> starting.toReady(listening.nowNanos());
            case ProcessEnded ended -> starting.toGone(ended.ending());
            case RequestArrived arrived -> null;
            case RequestEnded ended -> null;
            case DrainAsked asked -> null;
        };
    }

    private static @Nullable InstanceState fromReady(Ready ready, InstanceInput input, int slots) {
        return switch (input) {
            case RequestArrived arrived -> slots == 0 || ready.inFlight() < slots ? ready.admitted() : null;
            case RequestEnded ended -> ready.isIdle() ? null : ready.released(ended.nowNanos());
            case DrainAsked asked -> asked.onlyIdle() && !ready.isIdle() ? null : ready.toDraining(asked.ending());
            case ProcessEnded ended -> ready.toGone(ended.ending());
            case Listening listening -> null;
        };
    }

    private static @Nullable InstanceState fromDraining(Draining draining, InstanceInput input) {
        return switch (input) {
            case RequestEnded ended -> draining.inFlight() > 0 ? draining.released() : null;
            case ProcessEnded ended -> draining.toGone();
            case RequestArrived arrived -> null;
            case DrainAsked asked -> null;
            case Listening listening -> null;
        };
    }
}
