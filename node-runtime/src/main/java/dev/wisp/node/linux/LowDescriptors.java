package dev.wisp.node.linux;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.stream.IntStream;

/**
 * Descriptors with low numbers, reserved early and lent to what a child is to take along. A child that makes a table of its own copies only what lies below the
 * highest number it keeps; without low ones that would be everything the runtime holds, which grows with the sandboxes alive: 1.4 ms beside 2,000 of them, and a table of
 * that size for as long as the sandbox lives. Thread-safe.
 */
public final class LowDescriptors implements AutoCloseable {

    /** Three for each sandbox that is being parked; who comes when all are lent keeps the number that it has. */
    static final int RESERVED = 48;

    private final Descriptors descriptors;
    /** What is under a number that is not lent, so that nothing else gets it. */
    private final int placeholder;

    private final ArrayBlockingQueue<Integer> free = new ArrayBlockingQueue<>(RESERVED);

    public LowDescriptors(Descriptors descriptors) {
        this.descriptors = descriptors;
        this.placeholder = nothing();
        IntStream.range(0, RESERVED).forEach(_ -> free.add(nothing()));
    }

    private int nothing() {
        return descriptors.open("/dev/null", Named.O_RDONLY, 0);
    }

    /** A descriptor that the caller owns. */
    public final class Lent {

        private final int number;
        private final boolean low;

        private Lent(int number, boolean low) {
            this.number = number;
            this.low = low;
        }

        public int number() {
            return number;
        }

        /** Closes it; once. */
        public void giveBack() {
            if (!low) {
                descriptors.close(number);
                return;
            }
            descriptors.replace(placeholder, number);
            free.add(number);
        }
    }

    /** Moves an open file to a low number while there is one; its own number is closed then. */
    public Lent lend(int descriptor) {
        Integer number = free.poll();
        if (number == null) {
            return new Lent(descriptor, false);
        }
        descriptors.replace(descriptor, number);
        descriptors.close(descriptor);
        return new Lent(number, true);
    }

    /** Closes what is not lent. */
    @Override
    public void close() {
        for (Integer number = free.poll(); number != null; number = free.poll()) {
            descriptors.close(number);
        }
        descriptors.close(placeholder);
    }
}
