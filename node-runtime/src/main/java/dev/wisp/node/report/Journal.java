package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationWriter;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.TimeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Invocations of this node that the broker may not have yet: mapped files, so that what was appended is there after {@code kill -9}, and
 * brought to the disk every so often, so that a loss of power takes the last moments only. An invocation is first {@link #started} with
 * the record that stands if this process dies now, then {@link #finished} with what was measured, or {@link #dropped}. Room for the second
 * is set aside by the first, so finishing cannot fail for want of room. Thread-safe; an append holds the lock for about a microsecond.
 * {@code docs/metering.md} has the rules.
 */
public final class Journal implements AutoCloseable {

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private final Segments segments;
    private final JournalTidy tidy;
    private final JournalSync sync;

    private Deque<InvocationRecord> orphans = new ArrayDeque<>();
    private boolean closing;
    private boolean closed;
    private boolean shipperWaits;

    /** What a thread writes entries with. */
    private static final class Scratch {
        private final ByteBuffer bytes = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);
        private final InvocationWriter writer = new InvocationWriter();
    }

    private Journal(JournalSettings settings, Disk disk) {
        this.segments = new Segments(this::askToTidy);
        this.tidy = new JournalTidy(settings, lock, segments, this::finishOrphansLocked);
        this.sync = new JournalSync(settings.syncEvery(), disk, lock, segments);
    }

    /**
     * Opens the journal and reads what a former process left: what was finished will be handed out again, what was only started becomes
     * finished as it stands. Blocks for reading the files.
     *
     * @throws UncheckedIOException when the folder cannot be used at all; a full disk is not such a case
     */
    public static Journal open(JournalSettings settings) {
        return open(settings, Disk.KERNEL);
    }

    static Journal open(JournalSettings settings, Disk disk) {
        Journal journal = new Journal(settings, disk);
        try {
            Files.createDirectories(settings.folder());
            JournalRecovery recovery = new JournalRecovery(journal.segments);
            journal.orphans = recovery.read(settings.folder());
            journal.tidy.start(recovery.lastNumber() + 1);
        } catch (IOException e) {
            journal.close();
            throw new UncheckedIOException("cannot open journal " + settings.folder(), e);
        }
        journal.sync.start();
        return journal;
    }

    /**
     * Appends the record that stands if this process dies before {@link #finished}.
     *
     * @return false when there is no room for it and its end, or the disk keeps nothing; the invocation must then be refused
     */
    public boolean started(InvocationRecord standIn) {
        ByteBuffer payload = encode(standIn);
        lock.lock();
        try {
            return !closed && segments.started(standIn.invocationId(), payload);
        } finally {
            lock.unlock();
        }
    }

    /** Appends what was measured; only for an invocation that was {@link #started}, and once. */
    public void finished(InvocationRecord record) {
        ByteBuffer payload = encode(record);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("journal is closed");
            }
            segments.finished(record.invocationId(), payload);
            signalLocked();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes back a call that was {@link #started}: it goes to another instance, whose node records it. Without room to say so the call
     * stays started, and a death of this process would leave its stand-in, which bills nothing.
     */
    public void dropped(UUID invocationId) {
        lock.lock();
        try {
            if (!closed) {
                segments.dropped(invocationId);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Appends what an instance had of time; false when that cannot be now, and has to be tried again. */
    public boolean noted(InstanceTime time) {
        ByteBuffer scratch = SCRATCH.get().bytes.clear();
        TimeCodec.write(time, scratch);
        return note(scratch.flip());
    }

    /** Appends what all sandboxes have used; false when that cannot be now, and has to be tried again. */
    public boolean noted(NodeCpu cpu) {
        ByteBuffer scratch = SCRATCH.get().bytes.clear();
        TimeCodec.write(cpu, scratch);
        return note(scratch.flip());
    }

    /** Records that the broker has not acknowledged. */
    public long pending() {
        lock.lock();
        try {
            return segments.pending();
        } finally {
            lock.unlock();
        }
    }

    /** Whether what is appended reaches the disk; while it does not, no call is started. */
    public boolean reachesDisk() {
        lock.lock();
        try {
            return !segments.refuses();
        } finally {
            lock.unlock();
        }
    }

    /** How often a file was to be brought to the disk. */
    public long syncs() {
        return sync.count();
    }

    /** How long that took, all together. */
    public Duration syncTime() {
        return Duration.ofNanos(sync.nanos());
    }

    /** How often a file did not get there. */
    public long syncFailures() {
        return sync.failures();
    }

    /** The next finished invocations, at most so many, in order, each handed out once a process; null when there is none. */
    @Nullable
    Shipment poll(int recordsMax) {
        lock.lock();
        try {
            return segments.poll(recordsMax);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something was finished or the time is over; true in the first case. */
    @SuppressWarnings("WaitNotInLoop") // A spurious wake-up is a poll too many, no more.
    boolean awaitFinished(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            shipperWaits = true;
            return finished.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            shipperWaits = false;
            lock.unlock();
        }
    }

    /** The broker has it: files that hold nothing else are deleted. */
    void acked(Shipment shipment) {
        lock.lock();
        try {
            if (!closed) {
                segments.acked(shipment);
            }
        } finally {
            lock.unlock();
        }
    }

    int segmentCount() {
        lock.lock();
        try {
            return segments.count();
        } finally {
            lock.unlock();
        }
    }

    /** Brings what the broker does not have to the disk now. Blocks; not while {@link JournalSettings#syncEvery} does the same. */
    void sync() {
        sync.runOnce();
    }

    /** Brings what the broker does not have to the disk first. */
    @Override
    public void close() {
        if (!beginClose()) {
            return;
        }
        boolean diskAnswers = sync.stop();
        tidy.close();
        lock.lock();
        try {
            closed = true;
            if (diskAnswers) {
                segments.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** False for all calls but the first. */
    private boolean beginClose() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private boolean note(ByteBuffer payload) {
        lock.lock();
        try {
            if (closed || !segments.noted(payload)) {
                return false;
            }
            signalLocked();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void signalLocked() {
        if (shipperWaits) {
            shipperWaits = false;
            finished.signal();
        }
    }

    private void askToTidy() {
        tidy.ask();
    }

    /** A new file takes the ends of calls that a former process left open. */
    private void finishOrphansLocked() {
        while (!orphans.isEmpty() && segments.appendFinished(encode(orphans.getLast()))) {
            orphans.removeLast();
        }
        finished.signal();
    }

    private static ByteBuffer encode(InvocationRecord record) {
        Scratch scratch = SCRATCH.get();
        scratch.writer.write(record, scratch.bytes.clear());
        return scratch.bytes.flip();
    }
}
