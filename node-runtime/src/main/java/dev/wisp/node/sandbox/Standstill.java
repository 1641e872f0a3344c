package dev.wisp.node.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a freezer, whose file only asks for it. */
final class Standstill {

    private static final long POLL_NANOS = 50_000;

    private Standstill() {}

    /**
     * Whether everything stood still within that time.
     *
     * @param isStill what the kernel says
     */
    static boolean await(Duration patience, BooleanSupplier isStill) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isStill.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
