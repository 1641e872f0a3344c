package dev.wisp.node.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts sandboxes; the only way a process of a workload comes to be. Thread-safe. */
public interface SandboxRuntime extends AutoCloseable {

    /**
     * Starts the entrypoint in a sandbox of its own and returns when it listens on its port. Blocks for about a millisecond with a quick
     * program, at most for {@link SandboxSpec#startTimeout()}; call it from a platform thread that may wait.
     *
     * @throws dev.wisp.contracts.problem.ProblemException when the workload or the sandbox failed, naming the step; nothing is left behind
     */
    Sandbox start(SandboxSpec spec);

    /** What all sandboxes together have used since the runtime began, by the kernel's counter of their branch. */
    default BranchUsage branchUsage() {
        return BranchUsage.NONE;
    }

    /** Counts what a sandbox of the platform's own has used with {@link BranchUsage#preparedMicros()}: no instance has it. */
    default void usedByPlatform(long cpuMicros) {}

    /** What was killed and is not gone; empty on a healthy host. */
    default List<StuckSandbox> stuck() {
        return List.of();
    }

    /**
     * What of sandboxes is on the host and belongs to none, by names that stay the same. Some of it may be on its way: {@link LeakPolicy} says what was left
     * behind. Takes some milliseconds.
     */
    default Map<Leak, Set<String>> strays() {
        return Map.of();
    }

    /** Stops every sandbox and gives back everything the runtime holds. */
    @Override
    void close();
}
