package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one revision needs placed, and where it is now.
 *
 * @param memoryBytes limit of one instance
 * @param cpuMillicores limit of one instance
 * @param cpuRequestMillicores set aside for one instance, 0 for none
 * @param desired instances to hold
 * @param maxScale instances never exceeded, 0 means no limit
 * @param placement on which nodes it may run
 * @param existing instances by node, starting and ready
 * @param prepared nodes that have its image and have seen it start
 * @param previous shares of the last plan, empty when there was none
 */
public record PlacementNeed(
        RevisionId revision,
        long memoryBytes,
        int cpuMillicores,
        int cpuRequestMillicores,
        int desired,
        int maxScale,
        PlacementSpec placement,
        Map<String, Integer> existing,
        Set<String> prepared,
        List<NodeShare> previous) {

    public PlacementNeed {
        existing = Map.copyOf(existing);
        prepared = Set.copyOf(prepared);
        previous = List.copyOf(previous);
    }

    int existingOn(String nodeId) {
        return existing.getOrDefault(nodeId, 0);
    }
}
