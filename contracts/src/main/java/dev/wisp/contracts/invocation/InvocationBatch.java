package dev.wisp.contracts.invocation;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one account that travel together, as {@link InvocationCodec} and {@link TimeCodec} wrote them: a format byte, how many they are (two
 * bytes), then each one's length (two bytes) and bytes. Each record's own first byte says which kind it is. A value on the topic costs the broker and its clients some microseconds whatever is in it, so a busy node sends
 * hundreds of records in one.
 */
public final class InvocationBatch {

    /** First byte of a batch; any other is that of a record by itself. */
    public static final byte FORMAT = 2;

    /** Most records of a batch. */
    public static final int RECORDS_MAX = 128;

    private final List<ByteBuffer> records;

    private InvocationBatch(List<ByteBuffer> records) {
        this.records = List.copyOf(records);
    }

    /** Of encoded records, at least one. */
    public static InvocationBatch of(List<ByteBuffer> encoded) {
        if (encoded.isEmpty() || encoded.size() > RECORDS_MAX) {
            throw new IllegalArgumentException("records=%d, must be 1..%d".formatted(encoded.size(), RECORDS_MAX));
        }
        return new InvocationBatch(encoded);
    }

    /**
     * What a value of the topic holds, which is a batch or a record by itself; the records are not looked into.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static InvocationBatch read(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length == 0 || value[0] != FORMAT) {
            return new InvocationBatch(List.of(in));
        }
        in.get();
        List<ByteBuffer> records = new ArrayList<>();
        try {
            for (int left = in.getShort(); left > 0; left--) {
                int length = in.getShort() & 0xffff;
                records.add(in.slice(in.position(), length));
                in.position(in.position() + length);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("invocation batch ends early", e);
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("invocation batch has %d bytes too many".formatted(in.remaining()));
        }
        return of(records);
    }

    /** The records' bytes, each from its buffer's position to its limit. */
    public List<ByteBuffer> encoded() {
        return records.stream().map(ByteBuffer::duplicate).toList();
    }

    /** The records of calls, without those of time; throws {@link IllegalArgumentException} when one is neither. */
    public List<InvocationRecord> records() {
        return records.stream()
                .filter(record -> !TimeCodec.isRecord(record))
                .map(record -> InvocationCodec.decode(record.duplicate()))
                .toList();
    }

    /** As it travels: a record alone is itself. */
    public byte[] write() {
        if (records.size() == 1) {
            byte[] bytes = new byte[records.getFirst().remaining()];
            records.getFirst().duplicate().get(bytes);
            return bytes;
        }
        int length = 1 + 2;
        for (ByteBuffer record : records) {
            length += 2 + record.remaining();
        }
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT).putShort((short) records.size());
        for (ByteBuffer record : records) {
            out.putShort((short) record.remaining()).put(record.duplicate());
        }
        return out.array();
    }
}
