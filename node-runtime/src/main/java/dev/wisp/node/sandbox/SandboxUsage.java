package dev.wisp.node.sandbox;

/**
 * What a sandbox has used, from its cgroups.
 *
 * @param cpuMicros processor time of all its processes since the start
 * @param memoryBytes in use now
 * @param memoryPeakBytes most in use at once
 */
public record SandboxUsage(long cpuMicros, long memoryBytes, long memoryPeakBytes) {}
