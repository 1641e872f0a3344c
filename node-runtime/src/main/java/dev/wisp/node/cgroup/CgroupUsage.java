package dev.wisp.node.cgroup;

/**
 * What a group has used.
 *
 * @param cpuMicros since it was made
 * @param memoryBytes now
 * @param memoryPeakBytes most at once, 0 where the kernel does not say
 */
public record CgroupUsage(long cpuMicros, long memoryBytes, long memoryPeakBytes) {}
