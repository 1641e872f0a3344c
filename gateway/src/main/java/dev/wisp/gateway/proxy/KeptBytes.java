package dev.wisp.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What was read of a connection and that nobody has asked for yet. Confined to the connection's event loop. */
final class KeptBytes {

    /** At this many the connection is not read. */
    private static final int BYTES_MAX = 64 << 10;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf taken;
    private long bodyLeft;

    /** Takes the buffer over. */
    void add(ByteBufAllocator allocator, ByteBuf more) {
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, more);
    }

    /** To look at, from its reader index on. */
    ByteBuf bytes() {
        return bytes;
    }

    boolean isReadable() {
        return bytes.isReadable();
    }

    /** The connection is read while there is room. */
    void boundReading(ChannelConfig connection) {
        boolean full = bytes.readableBytes() >= BYTES_MAX;
        if (connection.isAutoRead() == full) {
            connection.setAutoRead(!full);
        }
    }

    void skip(int count) {
        bytes.skipBytes(count);
    }

    /** A body of so many bytes is next. */
    void bodyBegins(long length) {
        bodyLeft = length;
    }

    /** Bytes of the body that nobody has asked for yet, come or not. */
    long bodyLeft() {
        return bodyLeft;
    }

    /** What there is of the body, for the caller to release. */
    ByteBuf takeBody() {
        ByteBuf piece = bytes.readRetainedSlice((int) Math.min(bodyLeft, bytes.readableBytes()));
        bodyLeft -= piece.readableBytes();
        if (taken != null) {
            taken.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
        }
        return piece;
    }

    /**
     * Someone else gets the body from its beginning.
     *
     * @param keep whether that may happen once more, so that what is taken has to be kept; for short bodies
     */
    void bodyAgain(ByteBufAllocator allocator, boolean keep) {
        ByteBuf before = taken;
        if (before != null) {
            taken = null;
            bodyLeft += before.readableBytes();
            bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, bytes);
        }
        if (keep && bodyLeft > 0) {
            taken = allocator.buffer((int) bodyLeft, (int) bodyLeft);
        }
    }

    /** Nobody else gets it. */
    void bodyEnded() {
        if (taken != null) {
            taken.release();
            taken = null;
        }
    }

    /** All of them, for the caller to release. */
    ByteBuf takeAll() {
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Frees the memory when all was taken. */
    void dropUsed() {
        if (!bytes.isReadable()) {
            takeAll().release();
        }
    }

    void drop() {
        takeAll().release();
        bodyEnded();
    }
}
