package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a segment: length of the payload (int), CRC32C over length, kind and payload (int), kind (int), payload, zeros up to a
 * multiple of eight. The length is stored last and with release order: until then the place reads as free, so a process that dies in the
 * middle leaves nothing rather than a half entry. Alignment lets a reader find the next entry after a damaged one.
 */
final class EntryFormat {

    static final int STARTED = 1;
    static final int FINISHED = 2;
    /** Of an instance's time, or of the node's processors: whole in one entry. */
    static final int TIME = 3;
    /** Takes a started call back. */
    static final int DROPPED = 4;

    static final int ALIGNMENT = 8;
    private static final int HEADER_BYTES = 12;
    static final int ENTRY_BYTES_MAX = size(InvocationCodec.BYTES_MAX);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle LENGTH = INT.varHandle();

    private EntryFormat() {}

    /**
     * A valid entry.
     *
     * @param offset where it begins
     * @param next where the following one begins
     */
    record Entry(long offset, long next, int kind, ByteBuffer payload) {}

    /** Bytes that an entry takes in a segment. */
    static int size(int payloadBytes) {
        return Math.ceilDiv(HEADER_BYTES + payloadBytes, ALIGNMENT) * ALIGNMENT;
    }

    /** Writes from the buffer's position to its limit; returns where the next entry begins. */
    static long write(MemorySegment memory, long offset, int kind, ByteBuffer payload) {
        int length = payload.remaining();
        int checksum = checksum(length, kind, payload.duplicate());
        memory.set(INT, offset + 4, checksum);
        memory.set(INT, offset + 8, kind);
        MemorySegment.copy(MemorySegment.ofBuffer(payload), 0, memory, offset + HEADER_BYTES, length);
        LENGTH.setRelease(memory, offset, length);
        return offset + size(length);
    }

    /** The entry at this place, or null when there is none or it is damaged. */
    static @Nullable Entry read(MemorySegment memory, long offset, long end) {
        if (offset + HEADER_BYTES > end) {
            return null;
        }
        int length = (int) LENGTH.getAcquire(memory, offset);
        if (length <= 0 || length > InvocationCodec.BYTES_MAX || offset + HEADER_BYTES + length > end) {
            return null;
        }
        int kind = memory.get(INT, offset + 8);
        ByteBuffer payload = ByteBuffer.allocate(length);
        MemorySegment.copy(memory, offset + HEADER_BYTES, MemorySegment.ofBuffer(payload), 0, length);
        if (memory.get(INT, offset + 4) != checksum(length, kind, payload.duplicate())) {
            return null;
        }
        return new Entry(offset, offset + size(length), kind, payload);
    }

    private static int checksum(int length, int kind, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putInt(length).putInt(kind).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
