package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.instance.InstanceInput.DrainAsked;
import dev.wisp.node.instance.InstanceInput.Listening;
import dev.wisp.node.instance.InstanceInput.ProcessEnded;
import dev.wisp.node.instance.InstanceInput.RequestArrived;
import dev.wisp.node.instance.InstanceInput.RequestEnded;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.InstanceState.Gone;
import dev.wisp.node.instance.InstanceState.Ready;
import dev.wisp.node.instance.InstanceState.Starting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of state and input, for an instance of two slots. */
class LifecyclePolicyTest {

    private static final Ending IDLE = new Ending(Ending.Cause.IDLE, "idle");
    private static final Ending CRASH = new Ending(Ending.Cause.CRASH, "exited with code 1");
    private static final InstanceInput LISTENS = new Listening(70);
    private static final InstanceInput ARRIVES = new RequestArrived();
    private static final InstanceInput ENDS = new RequestEnded(90);
    private static final InstanceInput DRAIN = new DrainAsked(IDLE, false);
    private static final InstanceInput DRAIN_IF_IDLE = new DrainAsked(IDLE, true);
    private static final InstanceInput DIES = new ProcessEnded(CRASH);

    /** What follows; null for a refusal. */
    record Case(
            InstanceState state,
            InstanceInput input,
            @Nullable InstanceState next) {}

    static List<Case> matrix() {
        Starting starting = new Starting();
        Ready idle = new Ready(0, 50, true);
        Ready busy = new Ready(1, 50, true);
        Ready full = new Ready(2, 50, true);
        Draining draining = new Draining(1, IDLE);
        Draining drained = new Draining(0, IDLE);
        Gone gone = new Gone(CRASH);
        return List.of(
                new Case(starting, LISTENS, new Ready(0, 70, false)),
                new Case(starting, ARRIVES, null),
                new Case(starting, ENDS, null),
                new Case(starting, DRAIN, null),
                new Case(starting, DRAIN_IF_IDLE, null),
                new Case(starting, DIES, gone),
                new Case(idle, LISTENS, null),
                new Case(idle, ARRIVES, busy),
                new Case(idle, ENDS, null),
                new Case(idle, DRAIN, drained),
                new Case(idle, DRAIN_IF_IDLE, drained),
                new Case(idle, DIES, gone),
                new Case(busy, LISTENS, null),
                new Case(busy, ARRIVES, full),
                new Case(busy, ENDS, new Ready(0, 90, true)),
                new Case(busy, DRAIN, draining),
                new Case(busy, DRAIN_IF_IDLE, null),
                new Case(busy, DIES, gone),
                new Case(full, ARRIVES, null),
                new Case(full, ENDS, new Ready(1, 90, true)),
                new Case(draining, LISTENS, null),
                new Case(draining, ARRIVES, null),
                new Case(draining, ENDS, drained),
                new Case(draining, DRAIN, null),
                new Case(draining, DRAIN_IF_IDLE, null),
                new Case(draining, DIES, new Gone(IDLE)),
                new Case(drained, LISTENS, null),
                new Case(drained, ARRIVES, null),
                new Case(drained, ENDS, null),
                new Case(drained, DRAIN, null),
                new Case(drained, DRAIN_IF_IDLE, null),
                new Case(drained, DIES, new Gone(IDLE)),
                new Case(gone, LISTENS, null),
                new Case(gone, ARRIVES, null),
                new Case(gone, ENDS, null),
                new Case(gone, DRAIN, null),
                new Case(gone, DRAIN_IF_IDLE, null),
                new Case(gone, DIES, null));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void movesOnlyWhereItMay(Case pair) {
        assertThat(LifecyclePolicy.next(pair.state(), pair.input(), 2)).isEqualTo(pair.next());
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void isLiveExactlyWhileItMayServe(Case pair) {
        boolean live = switch (pair.state()) {
            case Starting starting -> true;
            case Ready ready -> true;
            case Draining draining -> draining.inFlight() > 0;
            case Gone gone -> false;
        };

        assertThat(pair.state().isLive()).isEqualTo(live);
    }
}
