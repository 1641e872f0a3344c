package dev.wisp.autoscaler.node;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The nodes as the loop last saw them, for the API. Thread-safe. */
public final class NodeBook {

    private final AtomicReference<List<NodeView>> nodes = new AtomicReference<>(List.of());

    /** By name. */
    public List<NodeView> nodes() {
        return nodes.get();
    }

    public Optional<NodeView> node(String nodeId) {
        return nodes().stream().filter(node -> node.nodeId().equals(nodeId)).findFirst();
    }

    /** Whether another node than that one takes new instances. */
    public boolean hasOtherThan(String nodeId) {
        return nodes().stream()
                .anyMatch(node ->
                        node.state() == NodeView.State.READY && !node.nodeId().equals(nodeId));
    }

    public void see(List<NodeView> now) {
        nodes.set(now.stream().sorted(Comparator.comparing(NodeView::nodeId)).toList());
    }
}
