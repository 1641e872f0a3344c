package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.placement.Taint;
import java.util.List;
import java.util.Map;

/**
 * What a node is and can still take.
 *
 * @param schedulable false while it drains: it keeps nothing and gets nothing
 * @param cpuMillicores capacity; processor time is shared, so it only orders nodes
 * @param memoryBytes capacity, of which a part is head-room
 * @param memoryBytesFree neither in use nor promised
 * @param sandboxesFree likewise
 */
public record NodeRoom(
        String nodeId,
        boolean schedulable,
        int cpuMillicores,
        long memoryBytes,
        long memoryBytesFree,
        int sandboxesFree,
        Map<String, String> labels,
        List<Taint> taints) {

    public NodeRoom {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /** Instances of that memory that still fit when {@code reserve} bytes stay free. */
    int fits(long memoryBytesEach, long reserve) {
        if (!schedulable) {
            return 0;
        }
        return (int) Math.max(0, Math.min(sandboxesFree, (memoryBytesFree - reserve) / Math.max(1, memoryBytesEach)));
    }
}
