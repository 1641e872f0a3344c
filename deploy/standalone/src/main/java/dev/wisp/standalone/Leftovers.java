package dev.wisp.standalone;

import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes what a platform that was killed has left of its sandboxes: a frozen one does not die with the process, and control groups stay. {@code wisp down} runs it, in a process of its own.
 */
public final class Leftovers {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long RETRY_NANOS = Duration.ofMillis(20).toNanos();

    private Leftovers() {}

    /**
     * Ends the process with 1 and the reason when a process that lives uses the branch, or one in it cannot be killed.
     *
     * @param arguments name of the branch of control groups
     */
    public static void main(String[] arguments) throws IOException {
        Path layers = Files.createTempDirectory("wisp-leftovers");
        try {
            remove(new LinuxSandboxConfig(layers, arguments[0], LinuxSandboxConfig.UID_BASE_DEFAULT, 1, 0, 0));
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } finally {
            Files.delete(layers);
        }
    }

    /** Opening a runtime on a branch empties it, and closing it removes it. Children of the dead process that have yet to end hold its lock for a moment. */
    private static void remove(LinuxSandboxConfig config) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                new LinuxSandboxRuntime(config, InstantSource.system()).close();
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
