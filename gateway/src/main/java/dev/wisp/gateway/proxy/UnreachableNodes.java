package dev.wisp.gateway.proxy;

import dev.wisp.contracts.node.NodeStatus;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Nodes to which the last connection did not come about: what the autoscaler is told, so that it need not wait for three heartbeats.
 * Thread-safe. Empty unless something is wrong, and then it takes one read a request.
 */
final class UnreachableNodes {

    /** What was so long ago says nothing about now; a node that stayed away was lost by its heartbeats meanwhile. */
    private static final Duration EXPIRY = NodeStatus.HEARTBEAT.multipliedBy(3);

    private final LongSupplier nanoClock;
    private final Map<String, Long> refusedAtNanos = new ConcurrentHashMap<>();

    UnreachableNodes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A request found no connection; only what the network said of the host counts. */
    void failed(String nodeId, Throwable failure) {
        if (failure instanceof SocketException) {
            refusedAtNanos.put(nodeId, nanoClock.getAsLong());
        }
    }

    void reached(String nodeId) {
        if (!refusedAtNanos.isEmpty()) {
            refusedAtNanos.remove(nodeId);
        }
    }

    /** In the order of their names. */
    List<String> nodeIds() {
        if (refusedAtNanos.isEmpty()) {
            return List.of();
        }
        long now = nanoClock.getAsLong();
        refusedAtNanos.values().removeIf(at -> now - at > EXPIRY.toNanos());
        return refusedAtNanos.keySet().stream().sorted().toList();
    }
}
