package dev.wisp.node.sandbox;

import dev.wisp.contracts.dataplane.StartTiming;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A running sandbox. Thread-safe. */
public interface Sandbox {

    String id();

    /** Where the time of its start went. */
    StartTiming timing();

    /** Completes when the entrypoint's process has ended, however it ended; never fails. */
    CompletableFuture<SandboxExit> exit();

    /** Completes, after {@link #exit()}, when nothing of it is left on the host: late, or never, where something in it does not die. */
    CompletableFuture<Void> released();

    /**
     * What it has used so far. Reads a few cgroup files (about 10 µs) and so may be called from an event loop; after the end it returns
     * the last figures.
     */
    SandboxUsage usage();

    /** Only {@link SandboxUsage#cpuMicros()}: read twice for every invocation, so it should cost one file and no more. */
    default long cpuMicros() {
        return usage().cpuMicros();
    }

    /** Only {@link SandboxUsage#memoryBytes()}. */
    default long memoryBytes() {
        return usage().memoryBytes();
    }

    /** Limits it has reached so far without being ended for it; its output says more. */
    default Set<Limit> limitsReached() {
        return Set.of();
    }

    /**
     * Opens a TCP connection from inside the sandbox's network namespace to the workload's port.
     *
     * @return a connected, non-blocking, close-on-exec socket descriptor that the caller owns
     * @throws dev.wisp.contracts.problem.ProblemException when nothing listens any more
     */
    int connect();

    /** Has the kernel take every process off the processors, each as soon as it can be; idempotent, and returns at once. */
    void freeze();

    /**
     * Waits until nothing of a frozen one is on a processor any more, or it has been thawed or ended, which nobody has to wait with.
     *
     * @return false when something runs after that long; it hangs in the kernel, say, and stops when it comes out of it
     */
    default boolean standsStill(Duration patience) {
        return true;
    }

    /** Undoes {@link #freeze()}; idempotent. */
    void thaw();

    /**
     * Stop signal, then after the grace a kill of everything inside; gives back namespaces, mounts and cgroups. Idempotent; blocks at
     * most for the grace and a moment.
     */
    void stop(Duration grace);
}
