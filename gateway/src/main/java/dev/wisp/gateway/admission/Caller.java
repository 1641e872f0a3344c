package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.repeat.RepeatPolicy;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who waits for the answer of one {@link Exchange}; callable from any event loop, returns at once. */
public interface Caller {

    /**
     * Hands the request to a node; {@code done} gets what came of it, on any thread. Called again after a node refused it or an instance
     * broke off, with the whole request each time; the body is kept for that when the dispatch is repeatable. {@code funds} as for {@link
     * NodePort#proxy}.
     */
    void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done);

    /** The request is held from now on: {@code gone} is to be called when the caller goes away meanwhile. */
    void held(Runnable gone);

    /** What its head says about being made twice; asked when it is sent. */
    default RepeatPolicy.Claim claim() {
        return RepeatPolicy.Claim.NONE;
    }

    /** Length of its body, negative when only its end will tell. */
    default long bodyBytes() {
        return 0;
    }

    /** Which attempt of a call that was stored, from 1, where the gateway itself is the caller for somebody who does not wait; 0 for every other. */
    default int storedAttempt() {
        return 0;
    }

    /** Answers in the gateway's own name. */
    void answer(Problem problem, long heldMicros);

    /**
     * The exchange ended without an answer of the gateway's; status 0 when nobody was answered.
     *
     * @param trace of the call, null when it is not sent anywhere
     */
    void over(int status, @Nullable CallTrace trace);

    /** The same of a call that no node had. */
    default void over(int status) {
        over(status, null);
    }
}
