package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.gateway.coldstart.NodePorts;
import io.vertx.core.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Nodes of this process, and those that announce an address; one writer, any number of readers. */
final class NodeDirectory implements NodePorts {

    private final Map<String, NodePort> local;
    private final HttpClient client;
    private final UnreachableNodes unreachable = new UnreachableNodes(System::nanoTime);
    private final AtomicReference<Reachable> reachable;

    /** Ports by node, and the ids in the order in which nodes are asked. */
    private record Reachable(Map<String, NodePort> ports, List<String> nodeIds) {}

    NodeDirectory(List<NodePort> localNodes, HttpClient client) {
        Map<String, NodePort> byId = new HashMap<>();
        localNodes.forEach(node -> byId.put(node.nodeId(), node));
        this.local = Map.copyOf(byId);
        this.client = client;
        this.reachable = new AtomicReference<>(
                new Reachable(local, localNodes.stream().map(NodePort::nodeId).toList()));
    }

    @Override
    public @Nullable NodePort find(String nodeId) {
        return reachable.get().ports().get(nodeId);
    }

    @Override
    public boolean isLocal(String nodeId) {
        return local.containsKey(nodeId);
    }

    @Override
    public List<String> nodeIds() {
        return reachable.get().nodeIds();
    }

    /** Nodes that lately refused a connection. */
    List<String> unreachable() {
        return unreachable.nodeIds();
    }

    /** Takes in what the nodes announce; a local node keeps its port whatever address it has. */
    void update(Map<String, NodeStatus> nodes) {
        Map<String, NodePort> before = reachable.get().ports();
        Map<String, NodePort> ports = new HashMap<>(local);
        List<String> ids = new ArrayList<>(local.keySet());
        for (NodeStatus node : nodes.values()) {
            if (!node.address().isEmpty() && !local.containsKey(node.nodeId())) {
                ports.put(node.nodeId(), port(node, before.get(node.nodeId())));
                if (node.schedulable()) {
                    ids.add(node.nodeId());
                }
            }
        }
        reachable.set(new Reachable(Map.copyOf(ports), List.copyOf(ids)));
    }

    private NodePort port(NodeStatus node, @Nullable NodePort known) {
        return known instanceof RemoteNode remote && remote.address().equals(node.address())
                ? remote
                : new RemoteNode(client, node.nodeId(), node.address(), unreachable);
    }
}
