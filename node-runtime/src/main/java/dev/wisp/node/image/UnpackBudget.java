package dev.wisp.node.image;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What the layers of one image may still use up together; shared by the threads that unpack them. */
final class UnpackBudget {

    private final ImageLimits limits;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();

    UnpackBudget(ImageLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    ImageLimits limits() {
        return limits;
    }

    void spendBytes(long count) throws RefusedLayerException {
        if (bytes.addAndGet(count) > limits.unpackedBytesMax()) {
            throw RefusedLayerException.tooLarge(
                    "takes the image beyond %d bytes unpacked".formatted(limits.unpackedBytesMax()));
        }
        requireTime();
    }

    void spendEntry() throws RefusedLayerException {
        if (entries.incrementAndGet() > limits.entriesMax()) {
            throw RefusedLayerException.tooLarge("takes the image beyond %d files".formatted(limits.entriesMax()));
        }
    }

    private void requireTime() throws RefusedLayerException {
        if (nanosLeft() < 0) {
            throw RefusedLayerException.tooLarge("was not unpacked within %s".formatted(limits.timeout()));
        }
    }

    long nanosLeft() {
        return limits.timeout().toNanos() - (nanoClock.getAsLong() - startNanos);
    }
}
