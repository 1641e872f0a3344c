package dev.wisp.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/** What was read of a connection and that nobody has asked for yet. Confined to the connection's event loop. */
final class KeptBytes {

    /** At this many the connection is not read. */
    private static final int BYTES_MAX = 64 << 10;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

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

    boolean isFull() {
        return bytes.readableBytes() >= BYTES_MAX;
    }

    void skip(int count) {
        bytes.skipBytes(count);
    }

    /** As many as there are, at most so many, for the caller to release. */
    ByteBuf take(long countMax) {
        return bytes.readRetainedSlice((int) Math.min(countMax, bytes.readableBytes()));
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
            drop();
        }
    }

    void drop() {
        takeAll().release();
    }
}
