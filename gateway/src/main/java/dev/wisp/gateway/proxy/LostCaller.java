package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.admission.Caller;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A caller that went away before anything could be said to it. */
final class LostCaller implements Caller {

    private final IntConsumer ended;

    /** {@code ended} gets the status, 0. */
    LostCaller(IntConsumer ended) {
        this.ended = ended;
    }

    @Override
    public void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
        done.accept(new ProxyOutcome.Done(0, Outcome.CLIENT_GONE, 0));
    }

    @Override
    public void held(Runnable gone) {
        gone.run();
    }

    @Override
    public void answer(Problem problem, long heldMicros) {
        over(0);
    }

    @Override
    public void over(int status, @Nullable CallTrace trace) {
        ended.accept(0);
    }
}
