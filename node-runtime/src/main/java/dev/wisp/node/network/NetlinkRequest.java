package dev.wisp.node.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Messages to the kernel's netlink in the making. Each has a name, so that an error says which step failed. */
final class NetlinkRequest {

    static final int CREATE = 0x400;
    static final int EXCLUSIVE = 0x200;

    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final int NESTED = 0x8000;
    private static final int BYTES_MAX = 64 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.nativeOrder());
    private final List<String> steps = new ArrayList<>();

    /** One message. */
    NetlinkRequest message(String step, int type, int flags, Consumer<NetlinkRequest> body) {
        return append(step, type, flags | REQUEST | ACKNOWLEDGE, body);
    }

    /** One that the kernel does not answer, as those around a batch. */
    NetlinkRequest unanswered(String step, int type, Consumer<NetlinkRequest> body) {
        return append(step, type, REQUEST, body);
    }

    private NetlinkRequest append(String step, int type, int flags, Consumer<NetlinkRequest> body) {
        int start = bytes.position();
        steps.add(step);
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(steps.size())
                .putInt(0);
        body.accept(this);
        pad();
        bytes.putInt(start, bytes.position() - start);
        return this;
    }

    NetlinkRequest u8(int... values) {
        for (int value : values) {
            bytes.put((byte) value);
        }
        return this;
    }

    NetlinkRequest u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkRequest u32(int... values) {
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    /** An attribute that holds others, or a structure. */
    NetlinkRequest nested(int type, Consumer<NetlinkRequest> content) {
        return attribute(type | NESTED, content);
    }

    NetlinkRequest attribute(int type, Consumer<NetlinkRequest> content) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) type);
        content.accept(this);
        bytes.putShort(start, (short) (bytes.position() - start));
        pad();
        return this;
    }

    NetlinkRequest text(int type, String value) {
        return attribute(
                type,
                a -> a.bytes.put(value.getBytes(StandardCharsets.US_ASCII)).put((byte) 0));
    }

    /** A number in the machine's order, as routing takes them. */
    NetlinkRequest number(int type, int value) {
        return attribute(type, a -> a.bytes.putInt(value));
    }

    /** A number in network order, as the packet filter takes them. */
    NetlinkRequest ordered(int type, int value) {
        return attribute(type, a -> a.network(value));
    }

    NetlinkRequest orderedLong(int type, long value) {
        return attribute(type, a -> a.network((int) (value >>> 32)).network((int) value));
    }

    /** Bytes as they are: an address. */
    NetlinkRequest raw(byte[] value) {
        bytes.put(value);
        return this;
    }

    /** Four bytes in network order. */
    private NetlinkRequest network(int value) {
        bytes.put((byte) (value >>> 24))
                .put((byte) (value >>> 16))
                .put((byte) (value >>> 8))
                .put((byte) value);
        return this;
    }

    private void pad() {
        while ((bytes.position() & 3) != 0) {
            bytes.put((byte) 0);
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** What it does, message by message. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    /** Name of a message by the number it was sent with. */
    String step(int sequence) {
        return sequence >= 1 && sequence <= steps.size() ? steps.get(sequence - 1) : "message " + sequence;
    }
}
