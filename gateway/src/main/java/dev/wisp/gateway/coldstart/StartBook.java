package dev.wisp.gateway.coldstart;

import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.gateway.coldstart.StartPolicy.NodeView;
import dev.wisp.gateway.coldstart.StartPolicy.StartView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What one revision's starts have come to so far, per node; owned by the revision's event loop. */
public final class StartBook {

    /**
     * Instances a node may be asked for while no plan was ever seen, as when the autoscaler has been away since the deploy. The node
     * still has the last word.
     */
    static final int GRANT_WITHOUT_PLAN = 1;

    private final Map<String, NodeStarts> nodes = new HashMap<>();
    private int starting;
    private int failures;

    private static final class NodeStarts {
        private int starting;
        private int refusals;
        private long refusedUntilNanos = Long.MIN_VALUE;
    }

    public int starting() {
        return starting;
    }

    public int failures() {
        return failures;
    }

    public void asked(String nodeId) {
        starting++;
        node(nodeId).starting++;
    }

    public void started(String nodeId) {
        ended(nodeId).refusals = 0;
        failures = 0;
    }

    /** The node is left alone for a moment as after a refusal; {@code jitter} in [0, 1). */
    public void failed(String nodeId, long nowNanos, double jitter) {
        failures++;
        refused(nodeId, nowNanos, jitter);
    }

    /** {@code jitter} in [0, 1). */
    public void refused(String nodeId, long nowNanos, double jitter) {
        NodeStarts node = ended(nodeId);
        // Refusals that come back together count once: they are one answer to one question.
        if (node.refusedUntilNanos <= nowNanos) {
            node.refusals++;
            node.refusedUntilNanos = nowNanos + BackoffPolicy.delayNanos(node.refusals, jitter);
        }
    }

    /** The held requests were told of the failures: the next request may try again. */
    public void forgetFailures() {
        failures = 0;
    }

    /** Something changed that may have made room: nodes that refused may be asked again. */
    public void forgetRefusals() {
        nodes.values().forEach(node -> node.refusedUntilNanos = Long.MIN_VALUE);
    }

    /** What {@link StartPolicy} needs to know; {@code live} gives the instances known on a node. */
    public StartView view(
            int queued,
            int slots,
            @Nullable RevisionPlan plan,
            NodePorts ports,
            ToIntFunction<String> live,
            long nowNanos) {
        List<NodeView> views = new ArrayList<>();
        if (plan == null) {
            for (String nodeId : ports.nodeIds()) {
                views.add(view(nodeId, GRANT_WITHOUT_PLAN, ports, live));
            }
        } else {
            for (RevisionPlan.NodeShare share : plan.shares()) {
                if (ports.find(share.nodeId()) != null) {
                    views.add(view(share.nodeId(), share.count() + share.burst(), ports, live));
                }
            }
        }
        int liveInAll = 0;
        for (NodeView view : views) {
            liveInAll += view.live();
        }
        boolean heldBack = FailurePolicy.isHeldBack(failures, liveInAll, starting);
        return new StartView(queued, slots, starting, heldBack, views, nowNanos);
    }

    private NodeView view(String nodeId, int grant, NodePorts ports, ToIntFunction<String> live) {
        NodeStarts node = node(nodeId);
        return new NodeView(
                nodeId, ports.isLocal(nodeId), grant, live.applyAsInt(nodeId), node.starting, node.refusedUntilNanos);
    }

    private NodeStarts node(String nodeId) {
        return nodes.computeIfAbsent(nodeId, id -> new NodeStarts());
    }

    private NodeStarts ended(String nodeId) {
        starting--;
        NodeStarts node = node(nodeId);
        node.starting--;
        return node;
    }
}
