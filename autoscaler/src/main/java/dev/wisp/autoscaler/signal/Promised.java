package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What plans hold on each node beyond what runs there already. Owned by the loop's thread. */
final class Promised {

    private final Map<String, Long> memoryBytes = new HashMap<>();
    private final Map<String, Integer> sandboxes = new HashMap<>();

    void add(List<NodeShare> shares, Map<String, Integer> existing, long memoryBytesEach) {
        change(shares, existing, memoryBytesEach, 1);
    }

    void remove(List<NodeShare> shares, Map<String, Integer> existing, long memoryBytesEach) {
        change(shares, existing, memoryBytesEach, -1);
    }

    long memoryBytes(String nodeId) {
        return memoryBytes.getOrDefault(nodeId, 0L);
    }

    int sandboxes(String nodeId) {
        return sandboxes.getOrDefault(nodeId, 0);
    }

    private void change(List<NodeShare> shares, Map<String, Integer> existing, long memoryBytesEach, int sign) {
        for (NodeShare share : shares) {
            long missing = (long) share.count() - existing.getOrDefault(share.nodeId(), 0);
            if (missing > 0) {
                memoryBytes.merge(share.nodeId(), sign * missing * memoryBytesEach, Long::sum);
                sandboxes.merge(share.nodeId(), (int) (sign * missing), Integer::sum);
            }
        }
    }
}
