package dev.wisp.testkit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/**
 * Time that jumps to the next event. Everything that happens in a simulation is an event here, run one after the other on the caller's
 * thread; events of the same moment run in the order in which they were asked for. Not thread-safe, which is the point.
 */
public final class VirtualTime implements InstantSource {

    private final Instant start;
    private final long seed;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long asked;

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    public VirtualTime(Instant start, long seed) {
        this.start = start;
        this.seed = seed;
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nowNanos);
    }

    /** Since the start. */
    public long nanos() {
        return nowNanos;
    }

    /** What happens by chance in the part of that name; the same draws again for who asks twice. */
    public Chance chance(String part) {
        return new Chance(seed, part);
    }

    /** Runs it that much later. */
    public void after(Duration delay, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, delay.toNanos()), asked++, action));
    }

    /** Runs it again and again, the first time after a part of the interval, until it says that it is over. */
    public void every(Duration interval, Chance chance, Repeated action) {
        after(chance.between(Duration.ZERO, interval), () -> repeat(interval, action));
    }

    /** Runs every event up to that long after now, and {@code afterEach} after each of them. */
    public void run(Duration time, Runnable afterEach) {
        long until = nowNanos + time.toNanos();
        for (Event next = events.peek(); next != null && next.atNanos() <= until; next = events.peek()) {
            events.poll();
            nowNanos = next.atNanos();
            next.action().run();
            afterEach.run();
        }
        nowNanos = until;
    }

    /** Something that happens again and again. */
    @FunctionalInterface
    public interface Repeated {

        /** False when it was the last time. */
        boolean happen();
    }

    private void repeat(Duration interval, Repeated action) {
        if (action.happen()) {
            after(interval, () -> repeat(interval, action));
        }
    }
}
