package dev.wisp.autoscaler.placement;

/**
 * What a node can still take.
 *
 * @param schedulable false while it drains: it keeps nothing and gets nothing
 * @param cpuMillicores capacity; processor time is shared, so it only orders nodes
 * @param memoryBytesFree neither in use nor promised
 * @param sandboxesFree likewise
 */
public record NodeRoom(String nodeId, boolean schedulable, int cpuMillicores, long memoryBytesFree, int sandboxesFree) {

    /** Instances of that memory that still fit. */
    int fits(long memoryBytes) {
        if (!schedulable) {
            return 0;
        }
        return (int) Math.max(0, Math.min(sandboxesFree, memoryBytesFree / Math.max(1, memoryBytes)));
    }
}
