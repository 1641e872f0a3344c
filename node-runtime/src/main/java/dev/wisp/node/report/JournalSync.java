package dev.wisp.node.report;

import io.quarkus.logging.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings to the disk what the broker does not have, every so often and on a thread of its own. A file whose synchronisation failed is
 * never trusted again: the kernel says once that it could not write a page and then takes it for clean. What such a file owes is written
 * to a new one, which is tried at once; if that does not reach the disk either, no call may be started until a new file does.
 */
final class JournalSync {

    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration END_WAIT = Duration.ofSeconds(10);

    private final Duration every;
    private final Disk disk;
    private final ReentrantLock lock;
    private final Segments segments;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("wisp-journal-sync").daemon().factory());
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** A file that is to be synchronised, up to where it had something when this was decided. */
    private record Due(Segment segment, long upTo) {}

    JournalSync(Duration every, Disk disk, ReentrantLock lock, Segments segments) {
        this.every = every;
        this.disk = disk;
        this.lock = lock;
        this.segments = segments;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void start() {
        if (!every.isZero()) {
            scheduleNext(every);
        }
    }

    /** Files that were synchronised, or that it was tried with. */
    long count() {
        return count.sum();
    }

    /** How long that took, all together. */
    long nanos() {
        return nanos.sum();
    }

    /** How often a file was not on the disk afterwards. */
    long failures() {
        return failures.sum();
    }

    /**
     * Brings everything to the disk once more and ends; false when the disk does not answer and the files cannot be closed. Not by an
     * interrupt: that would close the file that is being synchronised.
     */
    boolean stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.errorf("journal: the disk has not answered for %s", END_WAIT);
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (!every.isZero()) {
            runOnce();
        }
        return true;
    }

    /** One pass; by one thread at a time. Blocks for the disk. */
    void runOnce() {
        boolean onDisk = syncAll();
        if (isAnyDistrusted()) {
            onDisk = replaceDistrusted() && syncAll();
        }
        conclude(onDisk);
    }

    private void scheduleNext(Duration pause) {
        thread.schedule(this::runAndSchedule, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void runAndSchedule() {
        long began = System.nanoTime();
        try {
            runOnce();
        } catch (RuntimeException | InternalError e) {
            // A page that cannot be read back is an InternalError: the file stays distrusted, and calls are refused,
            // until it can be.
            Log.error("journal: cannot be brought to the disk", e);
            conclude(false);
        }
        if (!thread.isShutdown()) {
            scheduleNext(pause(Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    /** At a fixed rate, unless the disk is slower than that or fails. */
    private Duration pause(Duration took) {
        if (refuses()) {
            return every.compareTo(RETRY_MIN) < 0 ? RETRY_MIN : every;
        }
        Duration left = every.minus(took);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private boolean syncAll() {
        boolean all = true;
        for (Due due : takeDue()) {
            all &= sync(due);
        }
        return all;
    }

    private List<Due> takeDue() {
        lock.lock();
        try {
            List<Due> due = new ArrayList<>();
            for (Segment segment : segments.unsynced()) {
                segment.disk().begin();
                due.add(new Due(segment, segment.end()));
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private boolean sync(Due due) {
        long began = System.nanoTime();
        boolean synced = force(due.segment());
        nanos.add(System.nanoTime() - began);
        count.increment();
        lock.lock();
        try {
            if (synced) {
                due.segment().disk().synced(due.upTo());
            } else {
                due.segment().disk().failed();
            }
            segments.trim();
            return synced;
        } finally {
            lock.unlock();
        }
    }

    private boolean force(Segment segment) {
        try {
            segment.force(disk);
            return true;
        } catch (IOException e) {
            failures.increment();
            if (!refuses()) {
                Log.errorf("journal: segment %d did not reach the disk: %s", segment.number(), e);
            }
            return false;
        }
    }

    private boolean isAnyDistrusted() {
        lock.lock();
        try {
            return !segments.distrusted().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** A file at a time, so that calls wait for the copy of one at most. */
    private boolean replaceDistrusted() {
        while (isAnyDistrusted()) {
            lock.lock();
            try {
                if (!segments.replace(segments.distrusted().getFirst())) {
                    return false;
                }
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    private void conclude(boolean onDisk) {
        lock.lock();
        try {
            if (onDisk) {
                segments.dropReplaced();
            }
            if (onDisk && segments.refuses()) {
                Log.info("journal: records reach the disk again, calls are taken");
            } else if (!onDisk && !segments.refuses()) {
                Log.error("journal: records do not reach the disk, calls are refused");
            }
            segments.refuse(!onDisk);
        } finally {
            lock.unlock();
        }
    }

    private boolean refuses() {
        lock.lock();
        try {
            return segments.refuses();
        } finally {
            lock.unlock();
        }
    }
}
