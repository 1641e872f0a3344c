package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationWriter;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.TimeCodec;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Invocations of this node that the broker may not have yet: mapped files, so that what was appended is there after {@code kill -9}.
 * An invocation is first {@link #started} with the record that stands if this process dies now, then {@link #finished} with what was
 * measured, or {@link #dropped}. Room for the second is set aside by the first, so finishing cannot fail for want of room. Thread-safe;
 * an append holds the lock for about a microsecond. {@code docs/metering.md} has the rules.
 */
public final class Journal implements AutoCloseable {

    /** Past this many files a call that is still open no longer holds its file: its entry is copied to the newest one. */
    private static final int CARRY_AT_SEGMENTS = 3;

    private static final Duration SPARE_RETRY = Duration.ofSeconds(1);
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final JournalSettings settings;
    private final ScheduledExecutorService spares;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<UUID, OpenCall> open = new HashMap<>();
    private final List<InvocationRecord> orphans = new ArrayList<>();

    private @Nullable Segment current;
    private @Nullable Segment spare;
    private boolean spareUnderWay;
    private boolean spareFailed;
    private boolean closed;
    private boolean shipperWaits;
    private long nextNumber = 1;
    private long reservedBytes;
    private long pending;

    /** What a thread writes entries with. */
    private static final class Scratch {
        private final ByteBuffer bytes = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);
        private final InvocationWriter writer = new InvocationWriter();
    }

    /** A started call: where its entry is, and how much its end will take. */
    private record OpenCall(Segment segment, long offset, int entryBytes) {}

    private Journal(JournalSettings settings) {
        this.settings = settings;
        this.spares = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("wisp-journal").daemon().factory());
    }

    /**
     * Opens the journal and reads what a former process left: what was finished will be handed out again, what was only started becomes
     * finished as it stands. Blocks for reading the files.
     *
     * @throws UncheckedIOException when the folder cannot be used at all; a full disk is not such a case
     */
    public static Journal open(JournalSettings settings) {
        Journal journal = new Journal(settings);
        try {
            Files.createDirectories(settings.folder());
            journal.recover();
        } catch (IOException e) {
            journal.close();
            throw new UncheckedIOException("cannot open journal " + settings.folder(), e);
        }
        journal.makeSpare();
        return journal;
    }

    /**
     * Appends the record that stands if this process dies before {@link #finished}.
     *
     * @return false when there is no room for it and its end; the invocation must then be refused
     */
    public boolean started(InvocationRecord standIn) {
        ByteBuffer payload = encode(standIn);
        int entryBytes = EntryFormat.size(payload.remaining());
        lock.lock();
        try {
            if (closed || roomLocked() < 2L * entryBytes || !ensureFitsLocked(entryBytes)) {
                return false;
            }
            Segment segment = currentLocked();
            long offset = segment.append(EntryFormat.STARTED, payload);
            segment.opened();
            open.put(standIn.invocationId(), new OpenCall(segment, offset, entryBytes));
            reservedBytes += entryBytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Appends what was measured; only for an invocation that was {@link #started}, and once. */
    public void finished(InvocationRecord record) {
        ByteBuffer payload = encode(record);
        lock.lock();
        try {
            OpenCall call = open.remove(record.invocationId());
            if (call == null || closed) {
                throw new IllegalStateException("invocation " + record.invocationId() + " is not open");
            }
            reservedBytes -= call.entryBytes();
            if (!ensureFitsLocked(EntryFormat.size(payload.remaining()))) {
                throw new IllegalStateException("journal has no room that was set aside");
            }
            currentLocked().append(EntryFormat.FINISHED, payload);
            call.segment().closed();
            pending++;
            if (shipperWaits) {
                shipperWaits = false;
                finished.signal();
            }
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
            OpenCall call = open.remove(invocationId);
            if (call == null || closed) {
                return;
            }
            reservedBytes -= call.entryBytes();
            EntryFormat.Entry entry = call.segment().next(call.offset());
            if (entry != null && ensureFitsLocked(call.entryBytes())) {
                currentLocked().append(EntryFormat.DROPPED, entry.payload());
            }
            call.segment().closed();
        } finally {
            lock.unlock();
        }
    }

    /** Appends what an instance had of time; false when there is no room, and it has to be tried again. */
    public boolean noted(InstanceTime time) {
        ByteBuffer scratch = SCRATCH.get().bytes.clear();
        TimeCodec.write(time, scratch);
        return append(scratch.flip());
    }

    /** Appends what all sandboxes have used; false when there is no room, and it has to be tried again. */
    public boolean noted(NodeCpu cpu) {
        ByteBuffer scratch = SCRATCH.get().bytes.clear();
        TimeCodec.write(cpu, scratch);
        return append(scratch.flip());
    }

    private boolean append(ByteBuffer payload) {
        int entryBytes = EntryFormat.size(payload.remaining());
        lock.lock();
        try {
            if (closed || roomLocked() < entryBytes || !ensureFitsLocked(entryBytes)) {
                return false;
            }
            currentLocked().append(EntryFormat.TIME, payload);
            pending++;
            if (shipperWaits) {
                shipperWaits = false;
                finished.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Records that the broker has not acknowledged. */
    public long pending() {
        lock.lock();
        try {
            return pending;
        } finally {
            lock.unlock();
        }
    }

    /** The next finished invocations, at most so many, in order, each handed out once a process; null when there is none. */
    @Nullable
    Shipment poll(int recordsMax) {
        lock.lock();
        try {
            for (Segment segment : segments) {
                Shipment shipment = segment.poll(recordsMax);
                if (shipment != null) {
                    return shipment;
                }
            }
            return null;
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
            if (closed) {
                return;
            }
            pending -= shipment.size();
            shipment.segment().acked(shipment);
            trimLocked();
        } finally {
            lock.unlock();
        }
    }

    int segmentCount() {
        lock.lock();
        try {
            return segments.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a file that is being made: its half would be in the way of whoever opens the folder next. */
    @Override
    public void close() {
        spares.shutdownNow();
        spares.close();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            segments.forEach(Segment::close);
            if (spare != null) {
                spare.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void recover() throws IOException {
        Map<UUID, InvocationRecord> started = new HashMap<>();
        for (Path file : files()) {
            long number = number(file);
            nextNumber = Math.max(nextNumber, number + 1);
            Segment segment = Segment.open(file, number);
            if (segment == null) {
                Files.delete(file);
                continue;
            }
            read(segment, started);
            segments.addLast(segment);
        }
        orphans.addAll(started.values());
        if (!orphans.isEmpty() || pending > 0) {
            Log.infof("journal: %d finished invocations to send, %d were cut off", pending, orphans.size());
        }
        trimLocked();
    }

    private void read(Segment segment, Map<UUID, InvocationRecord> started) {
        long firstUnacked = segment.cursor();
        for (EntryFormat.Entry entry = segment.next(Segment.HEADER_BYTES);
                entry != null;
                entry = segment.next(entry.next())) {
            if (entry.kind() == EntryFormat.TIME) {
                pending += entry.offset() >= firstUnacked ? 1 : 0;
                continue;
            }
            InvocationRecord record = decode(entry);
            if (record == null) {
                continue;
            }
            if (entry.kind() == EntryFormat.STARTED) {
                started.put(record.invocationId(), record);
            } else if (entry.kind() == EntryFormat.DROPPED) {
                started.remove(record.invocationId());
            } else {
                started.remove(record.invocationId());
                pending += entry.offset() >= firstUnacked ? 1 : 0;
            }
        }
        long damaged = segment.damagedBytes();
        if (damaged > 0) {
            Log.errorf("journal: segment %d has %d damaged bytes, which were passed over", segment.number(), damaged);
        }
    }

    private static @Nullable InvocationRecord decode(EntryFormat.Entry entry) {
        try {
            return InvocationCodec.decode(entry.payload().duplicate());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What is free in the current file and the spare one, less what is set aside; the end of a file may go unused. */
    private long roomLocked() {
        long inCurrent = current == null ? 0 : Math.max(0, current.free() - EntryFormat.ENTRY_BYTES_MAX);
        long inSpare = spare == null ? 0 : Math.max(0, spare.free() - EntryFormat.ENTRY_BYTES_MAX);
        return inCurrent + inSpare - reservedBytes;
    }

    private boolean ensureFitsLocked(int entryBytes) {
        if (current != null && current.fits(entryBytes)) {
            return true;
        }
        if (spare == null) {
            return false;
        }
        current = spare;
        spare = null;
        segments.addLast(current);
        requestSpareLocked();
        return true;
    }

    private Segment currentLocked() {
        if (current == null) {
            throw new IllegalStateException("journal has no file");
        }
        return current;
    }

    private void trimLocked() {
        while (!segments.isEmpty()) {
            Segment oldest = segments.getFirst();
            if (oldest == current || !oldest.isShipped()) {
                return;
            }
            if (oldest.hasOpenCalls() && (segments.size() < CARRY_AT_SEGMENTS || !carryLocked(oldest))) {
                return;
            }
            segments.removeFirst();
            delete(oldest);
            requestSpareLocked();
        }
    }

    /** Copies the entries of calls that are still open to the newest file; false when there is no room for all. */
    private boolean carryLocked(Segment oldest) {
        List<Map.Entry<UUID, OpenCall>> calls = open.entrySet().stream()
                .filter(call -> call.getValue().segment() == oldest)
                .toList();
        for (Map.Entry<UUID, OpenCall> call : calls) {
            EntryFormat.Entry entry = oldest.next(call.getValue().offset());
            int entryBytes = call.getValue().entryBytes();
            if (entry == null || roomLocked() < entryBytes || !ensureFitsLocked(entryBytes)) {
                return false;
            }
            long offset = currentLocked().append(EntryFormat.STARTED, entry.payload());
            currentLocked().opened();
            oldest.closed();
            open.put(call.getKey(), new OpenCall(currentLocked(), offset, entryBytes));
        }
        return true;
    }

    private void requestSpareLocked() {
        if (spare == null && !spareUnderWay && !closed) {
            spareUnderWay = true;
            spares.execute(this::makeSpare);
        }
    }

    /** Makes the file that will be needed next, on the journal's own thread because zeroing takes milliseconds. */
    private void makeSpare() {
        long number;
        lock.lock();
        try {
            if (closed || spare != null || segments.size() + 1 > settings.segmentsMax()) {
                spareUnderWay = false;
                return;
            }
            spareUnderWay = true;
            number = nextNumber++;
        } finally {
            lock.unlock();
        }
        Segment made = create(number);
        lock.lock();
        try {
            spareUnderWay = false;
            if (closed && made != null) {
                made.close();
            } else if (made != null) {
                spare = made;
                useSpareLocked();
            } else {
                retrySpareLocked();
            }
        } finally {
            lock.unlock();
        }
    }

    private void retrySpareLocked() {
        if (!closed) {
            spareUnderWay = true;
            spares.schedule(this::makeSpare, SPARE_RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The first file takes the ends of calls that a former process left open. */
    private void useSpareLocked() {
        if (current == null) {
            ensureFitsLocked(EntryFormat.ENTRY_BYTES_MAX);
        }
        while (!orphans.isEmpty()) {
            ByteBuffer payload = encode(orphans.getLast());
            if (!ensureFitsLocked(EntryFormat.size(payload.remaining()))) {
                return;
            }
            currentLocked().append(EntryFormat.FINISHED, payload);
            orphans.removeLast();
            pending++;
        }
        finished.signal();
    }

    private @Nullable Segment create(long number) {
        try {
            Segment made = Segment.create(settings.folder(), number, settings.segmentBytes());
            spareFailed = false;
            return made;
        } catch (IOException e) {
            if (!spareFailed && !spares.isShutdown()) {
                Log.errorf("journal: cannot make a file of %d bytes: %s", settings.segmentBytes(), e);
            }
            spareFailed = true;
            return null;
        }
    }

    private void delete(Segment segment) {
        try {
            segment.delete();
        } catch (IOException e) {
            Log.warnf("journal: cannot delete segment %d: %s", segment.number(), e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(settings.folder())) {
            return files.filter(file -> number(file) > 0).sorted().toList();
        }
    }

    /** The number in a file's name, 0 for a file that is not the journal's. */
    private static long number(Path file) {
        String name = file.getFileName().toString();
        return name.matches("\\d{16}\\" + Segment.SUFFIX) ? Long.parseLong(name.substring(0, 16)) : 0;
    }

    private static ByteBuffer encode(InvocationRecord record) {
        Scratch scratch = SCRATCH.get();
        scratch.writer.write(record, scratch.bytes.clear());
        return scratch.bytes.flip();
    }
}
