package dev.wisp.node.image;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Where the time of one {@link ImageStore#prepare} went, summed over layers. */
final class PullTimes {

    private final AtomicLong pullNanos = new AtomicLong();
    private final AtomicLong unpackNanos = new AtomicLong();

    /** A step that takes time. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    <T> T pulling(Step<T> step) throws IOException {
        return timed(step, pullNanos);
    }

    <T> T unpacking(Step<T> step) throws IOException {
        return timed(step, unpackNanos);
    }

    private static <T> T timed(Step<T> step, AtomicLong sum) throws IOException {
        long start = System.nanoTime();
        try {
            return step.run();
        } finally {
            sum.addAndGet(System.nanoTime() - start);
        }
    }

    long pullMicros() {
        return pullNanos.get() / 1000;
    }

    long unpackMicros() {
        return unpackNanos.get() / 1000;
    }
}
