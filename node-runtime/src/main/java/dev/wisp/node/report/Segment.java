package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.TimeCodec;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mapped file of the journal: 64 bytes of header, then entries. The header has the offset up to which everything is acknowledged,
 * and its complement: when the two disagree, everything is sent again, which is harmless. Not thread-safe: {@link Journal} holds its
 * lock around every call but {@link #force}, {@link #close} and {@link #delete}.
 */
final class Segment implements AutoCloseable {

    static final int HEADER_BYTES = 64;
    static final String SUFFIX = ".journal";
    private static final long MAGIC = 0x574953504a4e4c31L;
    private static final int ZEROS = 1 << 16;
    private static final int PAGE_BYTES = 4 << 10;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final long ACKED_AT = 16;

    private final Path file;
    private final long number;
    private final FileChannel channel;
    private final Arena arena;
    private final MemorySegment memory;
    private final DiskState disk = new DiskState();
    private final Deque<Shipment> unacked = new ArrayDeque<>();

    private long end = HEADER_BYTES;
    private long cursor;
    private int openCalls;

    /**
     * Keeps the file open as long as itself: the kernel tells of a page that it could not write through descriptors which were open then.
     */
    @SuppressWarnings("MustBeClosed") // The segment owns the arena and closes it with itself.
    private Segment(Path file, long number, FileChannel channel) throws IOException {
        this.file = file;
        this.number = number;
        this.channel = channel;
        this.arena = Arena.ofShared();
        this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
    }

    /**
     * A new empty segment. The file is filled with zeros rather than left sparse: with no block behind it, a store to a mapped page of a
     * full disk would be a fault in place of an error.
     */
    @SuppressWarnings("MustBeClosed") // The segment owns its channel, which is closed here when there will be none.
    static Segment create(Path folder, long number, int bytes) throws IOException {
        Path file = folder.resolve(String.format("%016d%s", number, SUFFIX));
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            fill(channel, bytes);
            Segment segment = new Segment(file, number, channel);
            segment.memory.set(LONG, 0, MAGIC);
            segment.memory.set(LONG, 8, number);
            segment.storeAcked(HEADER_BYTES);
            segment.cursor = HEADER_BYTES;
            return segment;
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** A segment that a former process wrote; reading starts where its acknowledgements end. Null when it is too short to be one. */
    @SuppressWarnings("MustBeClosed") // The segment owns its channel.
    static @Nullable Segment open(Path file, long number) throws IOException {
        if (Files.size(file) < HEADER_BYTES) {
            return null;
        }
        Segment segment =
                new Segment(file, number, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        segment.end = segment.memory.byteSize();
        segment.cursor = segment.acked();
        return segment;
    }

    /** Where reading goes on. */
    long cursor() {
        return cursor;
    }

    long number() {
        return number;
    }

    boolean fits(int entryBytes) {
        return end + entryBytes <= memory.byteSize();
    }

    long free() {
        return memory.byteSize() - end;
    }

    /** The caller has checked that it {@link #fits}; returns the entry's offset. */
    long append(int kind, ByteBuffer payload) {
        long offset = end;
        end = EntryFormat.write(memory, offset, kind, payload);
        return offset;
    }

    /** The first valid entry at or after the offset, null when there is none; damaged bytes in between are passed over. */
    EntryFormat.@Nullable Entry next(long offset) {
        for (long at = offset; at < end; at += EntryFormat.ALIGNMENT) {
            EntryFormat.Entry entry = EntryFormat.read(memory, at, end);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** Bytes in words that are neither zero nor part of a valid entry: what was damaged. */
    long damagedBytes() {
        long damaged = 0;
        long at = HEADER_BYTES;
        while (at < end) {
            EntryFormat.Entry entry = EntryFormat.read(memory, at, end);
            if (entry != null) {
                at = entry.next();
                continue;
            }
            // What a kill cut off may end less than a word before the file does.
            boolean word = at + EntryFormat.ALIGNMENT <= end;
            damaged += word && memory.get(LONG, at) != 0 ? EntryFormat.ALIGNMENT : 0;
            at += EntryFormat.ALIGNMENT;
        }
        return damaged;
    }

    /** The next records of finished invocations and of time that were not handed out yet, of one key and at most so many; null for none. */
    @Nullable
    Shipment poll(int recordsMax) {
        EntryFormat.Entry entry = nextFinished();
        if (entry == null) {
            return null;
        }
        Shipment shipment = new Shipment(this, entry);
        unacked.addLast(shipment);
        cursor = entry.next();
        while (shipment.size() < recordsMax) {
            entry = nextFinished();
            if (entry == null || !shipment.takes(entry)) {
                return shipment;
            }
            cursor = entry.next();
        }
        return shipment;
    }

    /** Takes note that the broker has it, and stores how far everything is acknowledged. */
    void acked(Shipment shipment) {
        shipment.markAcked();
        Shipment first = unacked.peekFirst();
        if (first == null || !first.isAcked()) {
            return;
        }
        while (first != null && first.isAcked()) {
            storeAcked(first.next());
            unacked.removeFirst();
            first = unacked.peekFirst();
        }
    }

    void opened() {
        openCalls++;
    }

    void closed() {
        openCalls--;
    }

    boolean hasOpenCalls() {
        return openCalls > 0;
    }

    /** Whether everything finished in it is with the broker; only meaningful when nothing is appended to it any more. */
    boolean isShipped() {
        return unacked.isEmpty() && nextFinished() == null;
    }

    /** Whether it holds anything that the broker does not: records, or calls that have not ended. */
    boolean owes() {
        return hasOpenCalls() || !isShipped();
    }

    /** Records that the broker has not acknowledged, handed out or not. */
    List<EntryFormat.Entry> unacknowledged() {
        List<EntryFormat.Entry> entries = new ArrayList<>();
        for (Shipment shipment : unacked) {
            if (!shipment.isAcked()) {
                entries.addAll(shipment.entries());
            }
        }
        for (EntryFormat.Entry entry = next(cursor); entry != null; entry = next(entry.next())) {
            if (isShipped(entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    DiskState disk() {
        return disk;
    }

    boolean isUnsynced() {
        return !disk.isDistrusted() && disk.syncedTo() < end;
    }

    /** Up to where something is in it. */
    long end() {
        return end;
    }

    /** Brings it to the disk; without the lock, and never while it is closed. */
    void force(Disk kernel) throws IOException {
        kernel.sync(channel);
        if (disk.isFirst()) {
            kernel.syncFolder(file.resolveSibling(""));
        }
    }

    /**
     * Makes the kernel take the pages up to this offset for written just now. A former process may have been told that they are not on the
     * disk, and has died before it could write them elsewhere; the kernel tells that once, and takes them for clean.
     */
    void redirty(long upTo) {
        VarHandle word = LONG.varHandle();
        for (long at = 0; at < upTo; at += PAGE_BYTES) {
            // An atomic operation: the compiler would leave out a store of what was just read.
            word.getAndAdd(memory, at, 0L);
        }
    }

    /** Unmaps and deletes the file. That it is gone need not be on the disk: what is in it would be sent once more, no harm done. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        arena.close();
        try {
            channel.close();
        } catch (IOException e) {
            Log.warnf("journal: cannot close segment %d: %s", number, e);
        }
    }

    private EntryFormat.@Nullable Entry nextFinished() {
        EntryFormat.Entry entry = next(cursor);
        while (entry != null && !isShipped(entry)) {
            cursor = entry.next();
            entry = next(cursor);
        }
        if (entry == null) {
            cursor = end;
        }
        return entry;
    }

    /** One that is no record, which its checksum makes all but impossible, is passed over. */
    private static boolean isShipped(EntryFormat.Entry entry) {
        return switch (entry.kind()) {
            case EntryFormat.FINISHED -> InvocationCodec.isRecord(entry.payload());
            case EntryFormat.TIME -> TimeCodec.isRecord(entry.payload());
            default -> false;
        };
    }

    private long acked() {
        long acked = memory.get(LONG, ACKED_AT);
        boolean sane = acked == ~memory.get(LONG, ACKED_AT + 8)
                && acked >= HEADER_BYTES
                && acked <= memory.byteSize()
                && acked % EntryFormat.ALIGNMENT == 0;
        return sane ? acked : HEADER_BYTES;
    }

    private void storeAcked(long offset) {
        memory.set(LONG, ACKED_AT, offset);
        memory.set(LONG, ACKED_AT + 8, ~offset);
    }

    private static void fill(FileChannel channel, int bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
        for (int written = 0; written < bytes; ) {
            zeros.clear().limit(Math.min(ZEROS, bytes - written));
            written += channel.write(zeros);
        }
    }
}
