package dev.wisp.node.cgroup;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a freezer. Its file only asks for it: whoever measures or suspends afterwards counts on everything standing still. */
final class Standstill {

    /** A call of the group's sandbox may be waiting behind this. */
    static final Duration PATIENCE = Duration.ofMillis(100);

    private static final long POLL_NANOS = 50_000;

    private Standstill() {}

    /**
     * @param isFrozen what the kernel says; asking is also what makes version 1 look
     * @throws IllegalStateException when something is still running; it stops as soon as it can, unless the group is thawed
     */
    static void await(String group, Duration patience, BooleanSupplier isFrozen) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isFrozen.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("cgroup=%s, not all of it stands still %d ms after it was frozen"
                        .formatted(group, patience.toMillis()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
