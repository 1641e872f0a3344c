package dev.wisp.bench.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again and again at what only shows when it is looked at. */
final class Poll {

    private static final long PAUSE_NANOS = 1_000_000;

    private Poll() {}

    /** Whether it came true within that time. */
    static boolean until(Duration patience, BooleanSupplier isTrue) {
        return until(patience, isTrue::getAsBoolean, is -> is);
    }

    /** The first look that is as wanted, or the last within that time. */
    static <T> T until(Duration patience, Supplier<T> look, Predicate<T> isWanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        T seen = look.get();
        while (!isWanted.test(seen) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
            seen = look.get();
        }
        return seen;
    }
}
