package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.PlainNodePort;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.metering.MeteringProxy.Origin;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** This process's node, for the gateway in the same process. Refuses everything until it is opened and after it is closed. */
@Singleton
public final class LocalNode implements PlainNodePort {

    private final Vertx vertx;
    private final String nodeId;
    private volatile @Nullable Open open;

    private record Open(NodeInstances instances, MeteringProxy proxy) {}

    public LocalNode(Vertx vertx, @ConfigProperty(name = "wisp.node.id") Optional<String> nodeId) {
        this.vertx = vertx;
        this.nodeId = NodeIdentity.of(nodeId);
    }

    /** Serves from now on. */
    public void open(NodeInstances instances, MeteringProxy proxy) {
        open = new Open(instances, proxy);
    }

    /** Refuses from now on. */
    public void close() {
        open = null;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public Future<StartOutcome> start(StartInstance command) {
        Open node = open;
        if (node == null) {
            return Future.succeededFuture(new StartOutcome.Refused(Refusal.STOPPING, closedDetail()));
        }
        Promise<StartOutcome> outcome = ((ContextInternal) vertx.getOrCreateContext()).promise();
        node.instances().start(command.revision()).thenAccept(outcome::complete);
        return outcome.future();
    }

    @Override
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds) {
        return proxy(request, dispatch, funds, Origin.CALLER);
    }

    @Override
    public void proxy(PlainRequest request, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
        Open node = open;
        if (node == null) {
            done.accept(new ProxyOutcome.Refused(closedDetail()));
        } else {
            node.proxy().proxy(request, dispatch, funds, done);
        }
    }

    /** As {@link #proxy(HttpServerRequest, Dispatch, Funds)}, for a request that came through a gateway on another host, which looks after its money. */
    public Future<ProxyOutcome> forwarded(HttpServerRequest request, Dispatch dispatch) {
        return proxy(request, dispatch, Funds.ENDLESS, Origin.GATEWAY);
    }

    @Override
    public void refused(RefusedCall call) {
        Open node = open;
        if (node != null) {
            node.proxy().refused(call);
        }
    }

    private Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds, Origin origin) {
        Open node = open;
        return node == null
                ? Future.succeededFuture(new ProxyOutcome.Refused(closedDetail()))
                : node.proxy().proxy(request, dispatch, funds, origin);
    }

    private String closedDetail() {
        return "node " + nodeId + " is not open";
    }
}
