package dev.wisp.autoscaler.node;

import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.placement.Taint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as it is shown.
 *
 * @param cpuMillicoresFree what instances that request processor time may still have set aside
 * @param memoryBytesEvictable what frozen instances hold beside what is free, and give up for others
 * @param instances that are starting, ready or draining there
 * @param taints as {@code KEY=VALUE:EFFECT}
 * @param reason what the operator said, empty without an order
 * @param heardAt last heartbeat
 */
public record NodeView(
        String nodeId,
        State state,
        String address,
        int cpuMillicores,
        int cpuMillicoresFree,
        long memoryBytes,
        long memoryBytesFree,
        long memoryBytesEvictable,
        int sandboxes,
        int sandboxesMax,
        int instances,
        Map<String, String> labels,
        List<String> taints,
        String reason,
        Instant heardAt) {

    /** Whether and how it takes part. */
    public enum State {
        READY,
        /** Keeps what it has. */
        CORDONED,
        /** Has instances that finish what they have. */
        DRAINING,
        /** Was drained; can be taken away. */
        DRAINED,
        /** Stops by itself. */
        STOPPING,
        /** Not heard of. */
        LOST
    }

    public NodeView {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /** Of what is known of it. */
    public static NodeView of(NodeStatus status, boolean alive, @Nullable NodeOrder order, int instances) {
        return new NodeView(
                status.nodeId(),
                state(status, alive, order, instances),
                status.address(),
                status.cpuMillicores(),
                status.cpuMillicoresFree(),
                status.memoryBytes(),
                status.memoryBytesFree(),
                status.evictable().memoryBytes(),
                status.sandboxes(),
                status.sandboxesMax(),
                instances,
                status.labels(),
                status.taints().stream().map(Taint::toString).toList(),
                order == null ? "" : order.reason(),
                status.at());
    }

    private static State state(NodeStatus status, boolean alive, @Nullable NodeOrder order, int instances) {
        if (!alive) {
            return State.LOST;
        }
        if (order != null && order.wish() == NodeOrder.Wish.DRAIN) {
            return status.sandboxes() == 0 && instances == 0 ? State.DRAINED : State.DRAINING;
        }
        if (!status.schedulable()) {
            return State.STOPPING;
        }
        return order == null ? State.READY : State.CORDONED;
    }
}
