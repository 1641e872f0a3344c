package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.placement.Taint;
import java.util.List;
import java.util.Map;

/**
 * What a node is and can still take.
 *
 * @param schedulable false while it drains: it keeps nothing and gets nothing
 * @param cpuMillicores capacity
 * @param cpuMillicoresFree not set aside for instances that request processor time; those that request none share what there is
 * @param memoryBytes capacity, of which a part is head-room
 * @param memoryBytesFree neither in use nor promised, or held by frozen instances that end for others
 * @param sandboxesFree likewise
 */
public record NodeRoom(
        String nodeId,
        boolean schedulable,
        int cpuMillicores,
        int cpuMillicoresFree,
        long memoryBytes,
        long memoryBytesFree,
        int sandboxesFree,
        Map<String, String> labels,
        List<Taint> taints) {

    public NodeRoom {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /** Instances that still fit, in each of sandboxes, memory and processor time, when that percentage of the latter two stays free. */
    int fits(PlacementNeed need, int headroomPercent) {
        if (!schedulable) {
            return 0;
        }
        long most = Math.min(sandboxesFree, byMemory(need, headroomPercent));
        return (int) Math.max(0, Math.min(most, byCpu(need, headroomPercent)));
    }

    /** What is short when nothing fits, for people. */
    String shortOf(PlacementNeed need) {
        if (byCpu(need, 0) > 0) {
            return "full";
        }
        return "%d of %d millicores free, %d requested"
                .formatted(Math.max(0, cpuMillicoresFree), cpuMillicores, need.cpuRequestMillicores());
    }

    private long byMemory(PlacementNeed need, int headroomPercent) {
        return (memoryBytesFree - memoryBytes / 100 * headroomPercent) / Math.max(1, need.memoryBytes());
    }

    private long byCpu(PlacementNeed need, int headroomPercent) {
        int each = need.cpuRequestMillicores();
        return each == 0
                ? Integer.MAX_VALUE
                : (cpuMillicoresFree - (long) cpuMillicores * headroomPercent / 100) / each;
    }
}
