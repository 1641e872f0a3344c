package dev.wisp.contracts.invocation;

/**
 * What all sandboxes of a node have used in one period by the kernel's counter of their branch, to compare with the {@link InstanceTime}s of the
 * period. Node, run and period name it. Figures are microseconds of processor time, at least 0.
 *
 * @param run when the node's process began, microseconds since 1970 UTC
 * @param period number, from 1 in each run
 * @param atMicros end of the period, microseconds since 1970 UTC
 * @param countedMicros by the kernel
 * @param preparedMicros of it, used to make sandboxes before anybody asked for them: the platform's own
 */
public record NodeCpu(String nodeId, long run, long period, long atMicros, long countedMicros, long preparedMicros) {}
