package dev.wisp.contracts.invocation;

import dev.wisp.contracts.revision.RevisionId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Binary form of {@link InstanceTime} and {@link NodeCpu}, beside {@link InvocationCodec}'s in the node's journal and in an
 * {@link InvocationBatch}: the format byte tells the three apart. After it come 16 bytes that name the record, its moment, and the key it travels
 * under; so the moment stands where {@link InvocationCodec#receivedAtMicros} looks for it.
 */
public final class TimeCodec {

    /** First byte of an {@link InstanceTime}. */
    public static final byte INSTANCE_TIME = 3;

    /** First byte of a {@link NodeCpu}. */
    public static final byte NODE_CPU = 4;

    private static final int KEY_AT = 1 + 16 + 8;

    private TimeCodec() {}

    public static void write(InstanceTime time, ByteBuffer out) {
        out.put(INSTANCE_TIME);
        out.putLong(time.timeId().getMostSignificantBits());
        out.putLong(time.timeId().getLeastSignificantBits());
        out.putLong(time.atMicros());
        InvocationCodec.writeText(time.account(), out);
        out.putLong(time.startMicros());
        out.putLong(time.busyMicros());
        out.putLong(time.idleMicros());
        out.putLong(time.frozenMicros());
        out.putLong(time.cpuMicros());
        out.putLong(time.callCpuMicros());
        out.put((byte) (time.reserved() ? 1 : 0));
        out.putInt(time.cpuMillicores());
        out.putLong(time.memoryBytes());
        out.putLong(time.run());
        out.putLong(time.period());
        InvocationCodec.writeText(time.revision().toString(), out);
        InvocationCodec.writeText(time.service(), out);
        InvocationCodec.writeText(time.instanceId(), out);
        InvocationCodec.writeText(time.nodeId(), out);
    }

    public static void write(NodeCpu cpu, ByteBuffer out) {
        out.put(NODE_CPU);
        out.putLong(cpu.run());
        out.putLong(cpu.period());
        out.putLong(cpu.atMicros());
        InvocationCodec.writeText(cpu.nodeId(), out);
        out.putLong(cpu.countedMicros());
        out.putLong(cpu.preparedMicros());
    }

    /** Whether the bytes can be a record of this class, as far as the fixed part tells. */
    public static boolean isRecord(ByteBuffer bytes) {
        if (bytes.remaining() <= KEY_AT) {
            return false;
        }
        byte format = bytes.get(bytes.position());
        int key = bytes.get(bytes.position() + KEY_AT) & 0xff;
        return (format == INSTANCE_TIME || format == NODE_CPU) && bytes.remaining() > KEY_AT + key;
    }

    /** What a record of this class travels under: the account of an instance's time, the node of its processors. */
    public static String key(ByteBuffer record) {
        return InvocationCodec.readText(record.slice(record.position() + KEY_AT, record.remaining() - KEY_AT));
    }

    public static byte[] encode(InstanceTime time) {
        ByteBuffer out = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);
        write(time, out);
        return bytes(out);
    }

    public static byte[] encode(NodeCpu cpu) {
        ByteBuffer out = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);
        write(cpu, out);
        return bytes(out);
    }

    /** Throws {@link IllegalArgumentException} for anything else. */
    public static InstanceTime instanceTime(ByteBuffer in) {
        try {
            require(in.get(), INSTANCE_TIME);
            return readTime(in);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a record of an instance's time ends early", e);
        }
    }

    /** Throws {@link IllegalArgumentException} for anything else. */
    public static NodeCpu nodeCpu(ByteBuffer in) {
        try {
            require(in.get(), NODE_CPU);
            long run = in.getLong();
            long period = in.getLong();
            long atMicros = in.getLong();
            return new NodeCpu(InvocationCodec.readText(in), run, period, atMicros, in.getLong(), in.getLong());
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a record of a node's processor time ends early", e);
        }
    }

    private static InstanceTime readTime(ByteBuffer in) {
        UUID id = new UUID(in.getLong(), in.getLong());
        long atMicros = in.getLong();
        String account = InvocationCodec.readText(in);
        long startMicros = in.getLong();
        long busyMicros = in.getLong();
        long idleMicros = in.getLong();
        long frozenMicros = in.getLong();
        long cpuMicros = in.getLong();
        long callCpuMicros = in.getLong();
        boolean reserved = in.get() != 0;
        int cpuMillicores = in.getInt();
        long memoryBytes = in.getLong();
        long run = in.getLong();
        long period = in.getLong();
        RevisionId revision = RevisionId.parse(InvocationCodec.readText(in));
        return new InstanceTime(
                id,
                atMicros,
                account,
                revision,
                InvocationCodec.readText(in),
                InvocationCodec.readText(in),
                InvocationCodec.readText(in),
                startMicros,
                busyMicros,
                idleMicros,
                frozenMicros,
                cpuMicros,
                callCpuMicros,
                reserved,
                cpuMillicores,
                memoryBytes,
                run,
                period);
    }

    private static void require(byte format, byte wanted) {
        if (format != wanted) {
            throw new IllegalArgumentException("record format=%d, wanted is %d".formatted(format, wanted));
        }
    }

    private static byte[] bytes(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
