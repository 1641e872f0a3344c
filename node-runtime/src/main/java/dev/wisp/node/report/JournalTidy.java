package dev.wisp.node.report;

import io.quarkus.logging.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Makes the file that will be needed next and deletes those that are not needed, on a thread of its own: zeros and freeing take milliseconds. */
final class JournalTidy implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final JournalSettings settings;
    private final ReentrantLock lock;
    private final Segments segments;
    private final Runnable onSpare;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("wisp-journal").daemon().factory());

    private long nextNumber;
    private boolean asked;
    private boolean closed;
    private boolean failed;

    /** Guards the segments by this lock, which is held when {@code onSpare} is run: there is a new file. */
    JournalTidy(JournalSettings settings, ReentrantLock lock, Segments segments, Runnable onSpare) {
        this.settings = settings;
        this.lock = lock;
        this.segments = segments;
        this.onSpare = onSpare;
    }

    /** Makes the first file, with this number, before it returns. */
    void start(long firstNumber) {
        lock.lock();
        try {
            nextNumber = firstNumber;
        } finally {
            lock.unlock();
        }
        runOnce();
    }

    /** Soon; with the lock held. */
    void ask() {
        if (!asked && !closed && nextNumber > 0) {
            asked = true;
            thread.execute(this::runOnce);
        }
    }

    /** Waits for a file that is being made: its half would be in the way of whoever opens the folder next. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        thread.shutdownNow();
        thread.close();
        deleteUnneeded();
    }

    private void runOnce() {
        lock.lock();
        try {
            asked = false;
        } finally {
            lock.unlock();
        }
        deleteUnneeded();
        long number = numberOfWanted();
        if (number > 0) {
            take(create(number));
        }
    }

    private void deleteUnneeded() {
        for (Segment segment = pollUnneeded(); segment != null; segment = pollUnneeded()) {
            try {
                segment.delete();
            } catch (IOException e) {
                Log.warnf("journal: cannot delete segment %d: %s", segment.number(), e);
            }
        }
    }

    private @Nullable Segment pollUnneeded() {
        lock.lock();
        try {
            return segments.pollUnneeded();
        } finally {
            lock.unlock();
        }
    }

    /** 0 when no file is wanted. */
    private long numberOfWanted() {
        lock.lock();
        try {
            return !closed && segments.wantsSpare(settings.segmentsMax()) ? nextNumber++ : 0;
        } finally {
            lock.unlock();
        }
    }

    private void take(@Nullable Segment made) {
        lock.lock();
        try {
            if (made == null) {
                retryLocked();
            } else if (closed) {
                made.close();
            } else {
                segments.spare(made);
                onSpare.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private void retryLocked() {
        if (!closed) {
            asked = true;
            thread.schedule(this::runOnce, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable Segment create(long number) {
        try {
            Segment made = Segment.create(settings.folder(), number, settings.segmentBytes());
            failed = false;
            return made;
        } catch (IOException e) {
            if (!failed && !thread.isShutdown()) {
                Log.errorf("journal: cannot make a file of %d bytes: %s", settings.segmentBytes(), e);
            }
            failed = true;
            return null;
        }
    }
}
