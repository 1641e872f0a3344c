package dev.wisp.node.metering;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one event loop's exchanges: a wheel of lists, so that setting and lifting a limit costs a few stores. A timer of the
 * loop's own costs an entry in its heap each, and a system call whenever the next one to go off is another; nearly every limit here is
 * lifted long before its time. A limit is told up to {@link #TICK_MILLIS} late. Confined to its event loop.
 */
final class Deadlines {

    static final long TICK_MILLIS = 20;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int SLOTS = 512;

    private final EventLoop eventLoop;
    private final LongSupplier nanoTime;
    private final @Nullable Deadline[] slots = new Deadline[SLOTS];
    private long tickedTo;
    private int pending;
    private boolean ticking;

    /** Something with a time limit, in at most one place of the wheel. */
    abstract static class Deadline {
        private @Nullable Deadline before;
        private @Nullable Deadline after;
        private boolean set;
        private long atTick;

        /** The time is over; told once. */
        abstract void passed();
    }

    Deadlines(EventLoop eventLoop, LongSupplier nanoTime) {
        this.eventLoop = eventLoop;
        this.nanoTime = nanoTime;
    }

    void set(Deadline deadline, long millis) {
        long nowNanos = nanoTime.getAsLong();
        deadline.atTick = Math.ceilDiv(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), TICK_NANOS);
        deadline.set = true;
        int slot = slot(deadline.atTick);
        Deadline first = slots[slot];
        deadline.before = null;
        deadline.after = first;
        if (first != null) {
            first.before = deadline;
        }
        slots[slot] = deadline;
        pending++;
        if (!ticking) {
            ticking = true;
            tickedTo = Math.floorDiv(nowNanos, TICK_NANOS);
            tickLater();
        }
    }

    /** Harmless when it was lifted or has passed. */
    void lift(Deadline deadline) {
        if (!deadline.set) {
            return;
        }
        Deadline before = deadline.before;
        Deadline after = deadline.after;
        if (before == null) {
            slots[slot(deadline.atTick)] = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
        deadline.set = false;
        deadline.before = null;
        deadline.after = null;
        pending--;
    }

    private void tickLater() {
        eventLoop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = Math.floorDiv(nanoTime.getAsLong(), TICK_NANOS);
        long from = Math.max(tickedTo + 1, now - SLOTS + 1);
        for (long tick = from; tick <= now; tick++) {
            pass(slot(tick), now);
        }
        tickedTo = now;
        ticking = pending > 0;
        if (ticking) {
            tickLater();
        }
    }

    /** What passes may set and lift others: so the walk begins again after each. */
    private void pass(int slot, long now) {
        Deadline at = slots[slot];
        while (at != null) {
            if (at.atTick <= now) {
                lift(at);
                at.passed();
                at = slots[slot];
            } else {
                at = at.after;
            }
        }
    }

    private static int slot(long tick) {
        return (int) Math.floorMod(tick, (long) SLOTS);
    }
}
