package dev.wisp.node.report;

import dev.wisp.node.report.OpenCalls.OpenCall;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal, oldest first, the one that is written to, and a spare one for after it: where an entry goes, when a file may
 * go, and how much room is left. Guarded by the journal's lock.
 */
final class Segments {

    /** Past this many files a call that is still open no longer holds its file: its entry is copied to the newest one. */
    private static final int CARRY_AT_SEGMENTS = 3;

    private final Deque<Segment> row = new ArrayDeque<>();
    private final Deque<Segment> unneeded = new ArrayDeque<>();
    private final List<Segment> replaced = new ArrayList<>();
    private final OpenCalls open = new OpenCalls();
    private final Runnable toTidy;

    private @Nullable Segment current;
    private @Nullable Segment spare;
    private boolean refuses;
    private long pending;

    /** Runs the argument with the lock held, whenever there is a file to make or to delete. */
    Segments(Runnable toTidy) {
        this.toTidy = toTidy;
    }

    /** A file of a former process, behind those that are there. */
    void recovered(Segment segment, long finished) {
        row.addLast(segment);
        pending += finished;
    }

    /** False when there is no room for a stand-in and for the call's end. */
    boolean started(UUID id, ByteBuffer standIn) {
        int bytes = EntryFormat.size(standIn.remaining());
        if (refuses || room() < 2L * bytes || !ensureFits(bytes)) {
            return false;
        }
        Segment segment = current();
        open.started(new OpenCall(id, segment, segment.append(EntryFormat.STARTED, standIn), bytes));
        return true;
    }

    /** Throws {@link IllegalStateException} when it was not started, or the room that was set aside is not there. */
    void finished(UUID id, ByteBuffer record) {
        OpenCall call = open.remove(id);
        if (call == null) {
            throw new IllegalStateException("invocation " + id + " is not open");
        }
        if (!appendFinished(record)) {
            throw new IllegalStateException("journal has no room that was set aside");
        }
        call.segment().closed();
    }

    /** Of a call whose stand-in is in a file already; false when there is no room. */
    boolean appendFinished(ByteBuffer record) {
        if (!ensureFits(EntryFormat.size(record.remaining()))) {
            return false;
        }
        current().append(EntryFormat.FINISHED, record);
        pending++;
        return true;
    }

    /** Without room to say so it stays started. */
    void dropped(UUID id) {
        OpenCall call = open.remove(id);
        if (call == null) {
            return;
        }
        EntryFormat.Entry entry = call.segment().next(call.offset());
        if (entry != null && ensureFits(call.entryBytes())) {
            current().append(EntryFormat.DROPPED, entry.payload());
        }
        call.segment().closed();
    }

    /** False when there is no room. */
    boolean noted(ByteBuffer time) {
        int bytes = EntryFormat.size(time.remaining());
        if (refuses || room() < bytes || !ensureFits(bytes)) {
            return false;
        }
        current().append(EntryFormat.TIME, time);
        pending++;
        return true;
    }

    /** Records that the broker has not acknowledged. */
    long pending() {
        return pending;
    }

    @Nullable
    Shipment poll(int recordsMax) {
        for (Segment segment : row) {
            Shipment shipment = segment.poll(recordsMax);
            if (shipment != null) {
                return shipment;
            }
        }
        return null;
    }

    void acked(Shipment shipment) {
        if (shipment.segment().disk().isReplaced()) {
            return;
        }
        pending -= shipment.size();
        shipment.segment().acked(shipment);
        trim();
    }

    /** Gives up the oldest files, as long as they hold nothing that the broker does not have. */
    void trim() {
        while (!row.isEmpty()) {
            Segment oldest = row.getFirst();
            if (oldest == current || oldest.disk().isUnderWay() || !oldest.isShipped()) {
                return;
            }
            if (oldest.hasOpenCalls() && (row.size() < CARRY_AT_SEGMENTS || !moveCalls(oldest))) {
                return;
            }
            row.removeFirst();
            unneeded(oldest);
        }
    }

    /**
     * Copies what a distrusted file owes to the newest one; the file itself stays until that is on the disk, unless nothing of it ever
     * was. False, with nothing copied, when there is no room. Takes some ten milliseconds for 8 MB: checksums of all entries.
     */
    boolean replace(Segment distrusted) {
        if (distrusted == current && !goOnInSpare()) {
            return false;
        }
        List<EntryFormat.Entry> owed = distrusted.unacknowledged();
        long bytes = owed.stream().mapToLong(EntryFormat.Entry::bytes).sum();
        if (room() < bytes || !moveCalls(distrusted, room() - bytes)) {
            return false;
        }
        for (EntryFormat.Entry entry : owed) {
            if (!ensureFits(entry.bytes())) {
                throw new IllegalStateException("journal has no room that was counted");
            }
            current().append(entry.kind(), entry.payload().duplicate());
        }
        row.remove(distrusted);
        distrusted.disk().replaced();
        if (distrusted.disk().isFirst()) {
            unneeded(distrusted);
        } else {
            replaced.add(distrusted);
        }
        return true;
    }

    /** Everything is on the disk in files that are trusted. */
    void dropReplaced() {
        replaced.forEach(this::unneeded);
        replaced.clear();
    }

    List<Segment> distrusted() {
        return row.stream().filter(segment -> segment.disk().isDistrusted()).toList();
    }

    /** Files with something that is not on the disk and not with the broker; while calls are refused also the one that is written to. */
    List<Segment> unsynced() {
        return row.stream()
                .filter(segment -> segment.isUnsynced() && (segment.owes() || (refuses && segment == current)))
                .toList();
    }

    boolean refuses() {
        return refuses;
    }

    /** Whether no call may be started; those that were can end. */
    void refuse(boolean refuse) {
        this.refuses = refuse;
    }

    boolean wantsSpare(int segmentsMax) {
        return spare == null && count() + 1 <= segmentsMax;
    }

    void spare(Segment made) {
        spare = made;
        if (current == null) {
            ensureFits(EntryFormat.ENTRY_BYTES_MAX);
        }
    }

    /** A file to delete, null when there is none. */
    @Nullable
    Segment pollUnneeded() {
        return unneeded.pollFirst();
    }

    /** Files that hold something, or did. */
    int count() {
        return row.size() + replaced.size();
    }

    void close() {
        row.forEach(Segment::close);
        replaced.forEach(Segment::close);
        if (spare != null) {
            spare.close();
        }
    }

    /** What is free in the current file and the spare one, less what is set aside; the end of a file may go unused. */
    private long room() {
        return usable(current) + usable(spare) - open.reservedBytes();
    }

    private static long usable(@Nullable Segment segment) {
        return segment == null ? 0 : Math.max(0, segment.free() - EntryFormat.ENTRY_BYTES_MAX);
    }

    private boolean ensureFits(int entryBytes) {
        if (current != null && current.fits(entryBytes)) {
            return true;
        }
        if (spare == null) {
            return false;
        }
        useSpare(spare);
        return true;
    }

    /** Leaves the current file where it is; false when the spare one has no room for what is set aside. */
    private boolean goOnInSpare() {
        if (spare == null || usable(spare) < open.reservedBytes()) {
            return false;
        }
        useSpare(spare);
        return true;
    }

    private void useSpare(Segment next) {
        current = next;
        spare = null;
        row.addLast(next);
        toTidy.run();
    }

    private Segment current() {
        if (current == null) {
            throw new IllegalStateException("journal has no file");
        }
        return current;
    }

    private boolean moveCalls(Segment from) {
        return moveCalls(from, room());
    }

    /** Copies the entries of calls that are still open to the newest file; false, with nothing copied, when they take more than so much. */
    private boolean moveCalls(Segment from, long roomBytes) {
        List<OpenCall> calls = open.in(from);
        if (calls.stream().mapToLong(OpenCall::entryBytes).sum() > roomBytes) {
            return false;
        }
        for (OpenCall call : calls) {
            EntryFormat.Entry entry = from.next(call.offset());
            if (entry == null || !ensureFits(call.entryBytes())) {
                return false;
            }
            Segment to = current();
            open.moved(call, to, to.append(EntryFormat.STARTED, entry.payload()));
        }
        return true;
    }

    private void unneeded(Segment segment) {
        unneeded.addLast(segment);
        toTidy.run();
    }
}
