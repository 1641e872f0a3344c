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
    record Entry(long offset, long next, int kind, ByteBuffer payload) {

        /** What it takes in a segment. */
        int bytes() {
            return (int) (next - offset);
        }
    }

    /** Bytes that an entry takes in a segment. */
    static int size(int payloadBytes) {
        return Math.ceilDiv(HEADER_BYTES + payloadBytes, ALIGNMENT) * ALIGNMENT;
    }

    /** Writes from the buffer's position to its limit, of one with an array; returns where the next entry begins. */
    static long write(MemorySegment memory, long offset, int kind, ByteBuffer payload) {
        int length = payload.remaining();
        byte[] bytes = payload.array();
        int from = payload.arrayOffset() + payload.position();
        memory.set(INT, offset + 4, checksum(kind, bytes, from, length));
        memory.set(INT, offset + 8, kind);
        MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, offset + HEADER_BYTES, length);
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
        byte[] payload = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset + HEADER_BYTES, payload, 0, length);
        if (memory.get(INT, offset + 4) != checksum(kind, payload, 0, length)) {
            return null;
        }
        return new Entry(offset, offset + size(length), kind, ByteBuffer.wrap(payload));
    }

    private static int checksum(int kind, byte[] payload, int from, int length) {
        CRC32C crc = new CRC32C();
        update(crc, length);
        update(crc, kind);
        crc.update(payload, from, length);
        return (int) crc.getValue();
    }

    /** Byte by byte, the highest first: an array for eight bytes would cost more. */
    private static void update(CRC32C crc, int word) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            crc.update(word >>> shift);
        }
    }
}
