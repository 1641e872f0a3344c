package dev.wisp.node.linux;

/** Turns the counter that rows are stamped with into time, by comparing both clocks over the life of this object. Thread-safe. */
public final class TickScale {

    private static final long SPAN_NANOS_MIN = 2_000_000;

    private final Spawner spawner;
    private final long firstTick;
    private final long firstNanos;

    public TickScale(Spawner spawner) {
        this.spawner = spawner;
        this.firstNanos = System.nanoTime();
        this.firstTick = spawner.clock();
    }

    /** Microseconds a number of ticks takes. */
    public double micros(long ticks) {
        long nanos = System.nanoTime() - firstNanos;
        while (nanos < SPAN_NANOS_MIN) {
            Thread.onSpinWait();
            nanos = System.nanoTime() - firstNanos;
        }
        return ticks / 1000.0 * nanos / (spawner.clock() - firstTick);
    }
}
