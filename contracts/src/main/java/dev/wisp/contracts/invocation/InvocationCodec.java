package dev.wisp.contracts.invocation;

import dev.wisp.contracts.revision.RevisionId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Binary form of {@link InvocationRecord} in the node's journal and on {@code wisp.invocations}: a format byte, fixed-width fields
 * in order, then the strings as length (unsigned byte) and UTF-8; of a call that waited for a start its parts follow, then the processor limit and how the call came about. About 215 bytes. Not JSON
 * because the node writes one before every response ends, and billing reads back what a crash left.
 */
public final class InvocationCodec {

    /** First byte of every record; a reader refuses others. */
    public static final byte FORMAT = 1;

    /** Largest encoded record: each of its seven strings is at most 255 bytes. */
    public static final int BYTES_MAX = 2_048;

    private static final int RECEIVED_AT = 1 + 16;
    private static final int ACCOUNT_AT = 1 + 16 + 8 + 2 + 1 + 1 + 9 * 8 + 4 + 8;
    private static final int FLAG_COLD = 1;
    private static final int FLAG_APPORTIONED = 2;
    /** Start parts follow: records from before there were any are read as they are. */
    private static final int FLAG_PARTS = 4;
    /** The processor limit follows: records from before it was recorded are read as they are. */
    private static final int FLAG_CPU_LIMIT = 8;
    /** Trigger, attempt and the service's uid follow: records from before they were recorded are read as they are. */
    private static final int FLAG_ORIGIN = 16;

    private InvocationCodec() {}

    public static byte[] encode(InvocationRecord record) {
        ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
        write(record, out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Appends at the buffer's position; throws {@link java.nio.BufferOverflowException} when it does not fit. */
    public static void write(InvocationRecord record, ByteBuffer out) {
        writeNumbers(record, out);
        writeNames(record, out);
        writeText(record.method(), out);
        writeOptional(record, out);
    }

    /** What comes first: all that is of a fixed width. */
    static void writeNumbers(InvocationRecord record, ByteBuffer out) {
        out.put(FORMAT);
        out.putLong(record.invocationId().getMostSignificantBits());
        out.putLong(record.invocationId().getLeastSignificantBits());
        out.putLong(record.receivedAtMicros());
        out.putShort((short) record.status());
        out.put((byte) record.outcome().wireCode());
        out.put(flags(record));
        out.putLong(record.queueMicros());
        out.putLong(record.startMicros());
        out.putLong(record.appMicros());
        out.putLong(record.billedMillis());
        out.putLong(record.cpuMicros());
        out.putLong(record.memoryBytes());
        out.putLong(record.memoryPeakBytes());
        out.putLong(record.bytesIn());
        out.putLong(record.bytesOut());
        out.putInt(record.priceVersion());
        out.putLong(record.costPicos());
    }

    /** What comes next: whose call it was, and where. */
    static void writeNames(InvocationRecord record, ByteBuffer out) {
        writeText(record.account(), out);
        writeText(record.revision().toString(), out);
        writeText(record.service(), out);
        writeText(record.instanceId(), out);
        writeText(record.nodeId(), out);
    }

    /** What comes last, after the method, each where a flag says so. */
    static void writeOptional(InvocationRecord record, ByteBuffer out) {
        if (!record.startParts().isEmpty()) {
            writeText(record.startParts().text(), out);
        }
        if (record.cpuMillicores() != 0) {
            out.putInt(record.cpuMillicores());
        }
        Origin origin = record.origin();
        if (!origin.equals(Origin.UNKNOWN)) {
            out.put((byte) origin.trigger().wireCode());
            out.putShort((short) origin.attempt());
            out.putLong(origin.serviceUid().getMostSignificantBits());
            out.putLong(origin.serviceUid().getLeastSignificantBits());
        }
    }

    private static byte flags(InvocationRecord record) {
        return (byte) ((record.coldStart() ? FLAG_COLD : 0)
                | (record.cpuApportioned() ? FLAG_APPORTIONED : 0)
                | (record.startParts().isEmpty() ? 0 : FLAG_PARTS)
                | (record.cpuMillicores() == 0 ? 0 : FLAG_CPU_LIMIT)
                | (record.origin().equals(Origin.UNKNOWN) ? 0 : FLAG_ORIGIN));
    }

    /** Reads one record; throws {@link IllegalArgumentException} for anything that is not one. */
    public static InvocationRecord decode(ByteBuffer in) {
        try {
            return read(in);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("invocation record ends early", e);
        }
    }

    /** Whether the bytes can be a record of this class, as far as the fixed part tells. */
    public static boolean isRecord(ByteBuffer bytes) {
        return bytes.remaining() > ACCOUNT_AT
                && bytes.get(bytes.position()) == FORMAT
                && bytes.remaining() > ACCOUNT_AT + (bytes.get(bytes.position() + ACCOUNT_AT) & 0xff);
    }

    /** Account of a record that was written by this class, without reading the rest. */
    public static String account(ByteBuffer record) {
        return readText(record.slice(record.position() + ACCOUNT_AT, record.remaining() - ACCOUNT_AT));
    }

    /** When the call of such a record was received, microseconds since 1970 UTC. */
    public static long receivedAtMicros(ByteBuffer record) {
        return record.getLong(record.position() + RECEIVED_AT);
    }

    private static InvocationRecord read(ByteBuffer in) {
        byte format = in.get();
        if (format != FORMAT) {
            throw new IllegalArgumentException("invocation record format=%d, known is %d".formatted(format, FORMAT));
        }
        UUID id = new UUID(in.getLong(), in.getLong());
        long receivedAtMicros = in.getLong();
        int status = in.getShort();
        Outcome outcome = Outcome.ofWireCode(in.get());
        int flags = in.get();
        long queueMicros = in.getLong();
        long startMicros = in.getLong();
        long appMicros = in.getLong();
        long billedMillis = in.getLong();
        long cpuMicros = in.getLong();
        long memoryBytes = in.getLong();
        long memoryPeakBytes = in.getLong();
        long bytesIn = in.getLong();
        long bytesOut = in.getLong();
        int priceVersion = in.getInt();
        long costPicos = in.getLong();
        String account = readText(in);
        RevisionId revision = RevisionId.parse(readText(in));
        String service = readText(in);
        String instanceId = readText(in);
        String nodeId = readText(in);
        String method = readText(in);
        StartParts startParts = (flags & FLAG_PARTS) != 0 ? new StartParts(readText(in)) : StartParts.NONE;
        int cpuMillicores = (flags & FLAG_CPU_LIMIT) != 0 ? in.getInt() : 0;
        Origin origin = (flags & FLAG_ORIGIN) != 0 ? readOrigin(in) : Origin.UNKNOWN;
        return new InvocationRecord(
                id,
                receivedAtMicros,
                account,
                revision,
                service,
                instanceId,
                nodeId,
                method,
                status,
                outcome,
                queueMicros,
                startMicros,
                appMicros,
                (flags & FLAG_COLD) != 0,
                billedMillis,
                cpuMicros,
                (flags & FLAG_APPORTIONED) != 0,
                cpuMillicores,
                memoryBytes,
                memoryPeakBytes,
                bytesIn,
                bytesOut,
                priceVersion,
                costPicos,
                startParts,
                origin);
    }

    private static Origin readOrigin(ByteBuffer in) {
        Trigger trigger = Trigger.ofWireCode(in.get());
        int attempt = in.getShort();
        return new Origin(trigger, attempt, new UUID(in.getLong(), in.getLong()));
    }

    static void writeText(String text, ByteBuffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, 255);
        out.put((byte) length).put(bytes, 0, length);
    }

    static String readText(ByteBuffer in) {
        byte[] bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
