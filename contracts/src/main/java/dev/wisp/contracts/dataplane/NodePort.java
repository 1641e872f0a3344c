package dev.wisp.contracts.dataplane;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * A node as a gateway uses it while a request waits. In one process it is the node itself; between hosts a client stands behind it.
 * Every method returns at once and never fails its future: what can go wrong is a value. Callable from any event loop.
 */
public interface NodePort {

    String nodeId();

    /**
     * Starts one instance within the node's grant. The node has the last word: it checks its own grant and free resources, which is
     * why {@code max-scale} holds however many gateways ask.
     */
    Future<StartOutcome> start(StartInstance command);

    /**
     * Sends the request to the instance, the answer to the caller, and meters both; completes when the exchange is over. The request
     * must be paused. {@link ProxyOutcome.Refused} means nothing of it was read or answered: another instance may be asked.
     * {@link ProxyOutcome.Broken} comes only of a dispatch that is repeatable, and nothing was answered.
     *
     * @param funds pays for what it costs beyond what was set aside for it
     */
    Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds);

    /** Tells of a call that no node had, for its caller's trace; only the node in the gateway's own process hears of it. */
    default void refused(RefusedCall call) {}
}
