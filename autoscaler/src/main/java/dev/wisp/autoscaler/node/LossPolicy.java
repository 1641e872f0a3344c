package dev.wisp.autoscaler.node;

import dev.wisp.contracts.node.NodeStatus;
import java.time.Duration;

/** When a node is given up before it has missed three heartbeats. Pure. */
public final class LossPolicy {

    /** A heartbeat is missed when it is a quarter of an interval late: that much of lateness is the bus's and the scheduler's. */
    public static final Duration MISSED_AFTER =
            NodeStatus.HEARTBEAT.multipliedBy(5).dividedBy(4);

    private LossPolicy() {}

    /**
     * Whether a node is lost at once. Two who know nothing of each other must agree: the node itself, which is silent, and most gateways,
     * to which nothing listens there. Most, so that one gateway that is cut off empties no node.
     *
     * @param silent time since its last heartbeat
     * @param gateways that report now
     * @param refused those of them that it refused a connection
     */
    public static boolean isLost(Duration silent, int gateways, int refused) {
        return silent.compareTo(MISSED_AFTER) > 0 && refused * 2 > gateways;
    }

    /** Why {@link #isLost} said so, for people. */
    public static String reason(String nodeId, Duration silent, int gateways, int refused) {
        return "node %s is lost: silent for %d ms, and %d of %d gateways cannot reach it"
                .formatted(nodeId, silent.toMillis(), refused, gateways);
    }
}
