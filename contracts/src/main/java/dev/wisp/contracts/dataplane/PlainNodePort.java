package dev.wisp.contracts.dataplane;

import java.util.function.Consumer;

/** A node in the gateway's own process: a plain request reaches it without being made into objects first. */
public interface PlainNodePort extends NodePort {

    /**
     * As {@link NodePort#proxy}, on the request's event loop; {@code done} is called there once. {@link ProxyOutcome.Refused} means that
     * nothing of the request's body was asked for and nothing was answered; {@link ProxyOutcome.Broken} that nothing was answered.
     */
    void proxy(PlainRequest request, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done);
}
