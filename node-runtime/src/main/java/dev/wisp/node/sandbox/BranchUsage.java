package dev.wisp.node.sandbox;

/**
 * Processor time of the branch of control groups that all sandboxes are in.
 *
 * @param cpuMicros by the kernel's counter, sandboxes that are gone included
 * @param preparedMicros of it, the platform's own: sandboxes that were made before anybody asked for them, and rehearsed calls
 */
public record BranchUsage(long cpuMicros, long preparedMicros) {

    /** Of a runtime that has no such branch. */
    public static final BranchUsage NONE = new BranchUsage(0, 0);
}
