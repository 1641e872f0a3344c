package dev.wisp.contracts.clock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Wall time for what names a date, of a host whose clock may be set while this process runs: the wall clock as it was once, carried on by
 * the monotonic one. A clock that was set by more than a second is followed once it has stood so for {@link #BELIEVED_AFTER}; one that is put
 * right before never shows. What the host slept, while the monotonic clock stood still, is added at once. Thread-safe.
 */
public final class SteadyClock implements InstantSource {

    /** A clock that is wrong for longer is no slip that somebody is about to put right, and other hosts go by theirs meanwhile. */
    public static final Duration BELIEVED_AFTER = Duration.ofMinutes(5);

    /** What clocks of hosts that are kept in step may be set by: no lease, no month and no window notices. */
    static final Duration FOLLOWED_AT_ONCE = Duration.ofSeconds(1);

    /** So that small steps do not add up. */
    private static final Duration UNNOTICED = Duration.ofMillis(50);

    private static final Logger LOG = Logger.getLogger(SteadyClock.class);
    private static final Path UPTIME = Path.of("/proc/uptime");
    /** So far nanoseconds can be counted; no process runs for as long. */
    private static final long SECONDS_MAX = Duration.ofDays(36_500).toSeconds();

    private static final double NANOS_PER_SECOND = 1e9;
    private static final SteadyClock SYSTEM =
            new SteadyClock(InstantSource.system(), System::nanoTime, SteadyClock::hostSleptNanos);

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final LongSupplier sleptNanos;
    private final AtomicReference<State> state;

    /**
     * What is believed.
     *
     * @param wall that at {@code nanos} of the monotonic clock
     * @param sleptNanos how much the host had slept then, from any beginning
     * @param step the wall clock goes otherwise; null while it does not
     */
    private record State(
            Instant wall,
            long nanos,
            long sleptNanos,
            @Nullable Step step) {

        private Instant at(long nowNanos) {
            return wall.plusNanos(nowNanos - nanos);
        }

        /** Whether the wall clock goes on as it did, to {@link #UNNOTICED}: asked twice for each call, hence without objects. */
        private boolean isKept(Instant shown, long nowNanos) {
            long seconds = shown.getEpochSecond() - wall.getEpochSecond();
            if (step != null || Math.abs(seconds) > SECONDS_MAX) {
                return false;
            }
            long passed = seconds * 1_000_000_000L + shown.getNano() - wall.getNano();
            return Math.abs(passed - (nowNanos - nanos)) <= UNNOTICED.toNanos();
        }
    }

    /** The wall clock is off by so much, seen first at {@code sinceNanos} of the monotonic clock. */
    private record Step(Duration off, long sinceNanos) {}

    /**
     * @param nanoTime monotonic, stands still while the host sleeps
     * @param sleptNanos how long the host has slept, from any beginning; asked when the wall clock was set
     */
    public SteadyClock(InstantSource wall, LongSupplier nanoTime, LongSupplier sleptNanos) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.sleptNanos = sleptNanos;
        this.state =
                new AtomicReference<>(new State(wall.instant(), nanoTime.getAsLong(), sleptNanos.getAsLong(), null));
    }

    /** The one of this process. */
    public static SteadyClock system() {
        return SYSTEM;
    }

    @Override
    public Instant instant() {
        State known = state.get();
        long nowNanos = nanoTime.getAsLong();
        Instant shown = wall.instant();
        if (known.isKept(shown, nowNanos)) {
            return shown;
        }
        Instant steady = known.at(nowNanos);
        Duration off = Duration.between(steady, shown);
        if (isNothing(off)) {
            return follow(known, shown, nowNanos, sleptNanos.getAsLong());
        }
        return stepped(known, steady, off, nowNanos);
    }

    private Instant stepped(State known, Instant steady, Duration off, long nowNanos) {
        Step step = known.step();
        if (step == null || !isNothing(off.minus(step.off()))) {
            return moved(known, steady, off, nowNanos);
        }
        if (nowNanos - step.sinceNanos() < BELIEVED_AFTER.toNanos()) {
            return steady;
        }
        LOG.warnf("the clock of this host was set by %s and is followed now", off);
        return follow(known, steady.plus(off), nowNanos, sleptNanos.getAsLong());
    }

    /** By what the host slept; the rest is a clock that was set, now or before. */
    private Instant moved(State known, Instant steady, Duration off, long nowNanos) {
        long slept = sleptNanos.getAsLong();
        Duration sleep = Duration.ofNanos(slept - known.sleptNanos());
        Duration set = off.minus(sleep);
        if (isNothing(set)) {
            return follow(known, steady.plus(off), nowNanos, slept);
        }
        if (sleep.compareTo(FOLLOWED_AT_ONCE) <= 0) {
            state.compareAndSet(
                    known, new State(known.wall(), known.nanos(), known.sleptNanos(), new Step(off, nowNanos)));
            return steady;
        }
        Step before = known.step();
        Step step = before != null && isNothing(set.minus(before.off())) ? before : new Step(set, nowNanos);
        state.compareAndSet(known, new State(known.wall().plus(sleep), known.nanos(), slept, step));
        return steady.plus(sleep);
    }

    private Instant follow(State known, Instant shown, long nowNanos, long slept) {
        state.compareAndSet(known, new State(shown, nowNanos, slept, null));
        return shown;
    }

    private static boolean isNothing(Duration off) {
        return off.abs().compareTo(FOLLOWED_AT_ONCE) <= 0;
    }

    /** Time since the boot with sleep in it, less that without; 0 where nobody says. */
    private static long hostSleptNanos() {
        try {
            String uptime = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return (long) (seconds * NANOS_PER_SECOND) - System.nanoTime();
        } catch (IOException | RuntimeException e) {
            LOG.debugf("how long this host slept is not known: %s", e.toString());
            return 0;
        }
    }
}
