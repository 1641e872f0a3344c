package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What plans hold on each node beyond what runs there already. Owned by the loop's thread. */
final class Promised {

    private final Map<String, Long> memoryBytes = new HashMap<>();
    private final Map<String, Integer> sandboxes = new HashMap<>();
    private final Map<String, Integer> cpuMillicores = new HashMap<>();

    void add(List<NodeShare> shares, Map<String, Integer> existing, Limits each) {
        change(shares, existing, each, 1);
    }

    void remove(List<NodeShare> shares, Map<String, Integer> existing, Limits each) {
        change(shares, existing, each, -1);
    }

    long memoryBytes(String nodeId) {
        return memoryBytes.getOrDefault(nodeId, 0L);
    }

    /** Of what instances request. */
    int cpuMillicores(String nodeId) {
        return cpuMillicores.getOrDefault(nodeId, 0);
    }

    int sandboxes(String nodeId) {
        return sandboxes.getOrDefault(nodeId, 0);
    }

    private void change(List<NodeShare> shares, Map<String, Integer> existing, Limits each, int sign) {
        for (NodeShare share : shares) {
            long missing = (long) share.count() - existing.getOrDefault(share.nodeId(), 0);
            if (missing > 0) {
                memoryBytes.merge(share.nodeId(), sign * missing * each.memoryBytes(), Long::sum);
                cpuMillicores.merge(share.nodeId(), (int) (sign * missing * each.cpuRequestMillicores()), Integer::sum);
                sandboxes.merge(share.nodeId(), (int) (sign * missing), Integer::sum);
            }
        }
    }
}
