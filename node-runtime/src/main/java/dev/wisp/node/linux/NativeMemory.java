package dev.wisp.node.linux;

import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;

/**
 * A piece of mapped memory outside the Java heap, zeroed at first, with a cursor for laying things out one after the other. Not thread-safe but for
 * the words that a child and its parent share, which are read and written whole.
 */
public final class NativeMemory implements AutoCloseable {

    private final Kernel kernel;
    private final long address;
    private final long size;
    private final Pointer pointer;
    private long cursor;
    private boolean closed;

    NativeMemory(Kernel kernel, long address, long size, Pointer pointer) {
        this.kernel = kernel;
        this.address = address;
        this.size = size;
        this.pointer = pointer;
    }

    public long address() {
        return address;
    }

    long size() {
        return size;
    }

    public void putInt(long offset, int value) {
        pointer.putInt(offset, value);
    }

    public int getInt(long offset) {
        return pointer.getInt(offset);
    }

    public void putShort(long offset, short value) {
        pointer.putShort(offset, value);
    }

    public void putLong(long offset, long value) {
        pointer.putLong(offset, value);
    }

    public long getLong(long offset) {
        return pointer.getLong(offset);
    }

    public byte[] getBytes(long offset, int length) {
        byte[] bytes = new byte[length];
        pointer.get(offset, bytes, 0, length);
        return bytes;
    }

    public void putBytes(long offset, byte[] bytes) {
        pointer.put(offset, bytes, 0, bytes.length);
    }

    /** Overwrites what was appended so far, and puts the cursor at the beginning. */
    void clear() {
        zero(0, cursor);
        cursor = 0;
    }

    void zero(long offset, long length) {
        pointer.setMemory(offset, length, (byte) 0);
    }

    /** Puts the cursor at an offset; what lies behind it may be overwritten by what is appended next. */
    void rewind(long offset) {
        cursor = offset;
    }

    long remaining() {
        return size - cursor;
    }

    /** Reserves bytes at the cursor, aligned to eight, and returns their offset. */
    public long reserve(long bytes) {
        long offset = (cursor + 7) & ~7L;
        if (offset + bytes > size) {
            throw new IllegalStateException("bytes=%d at %d, memory has %d".formatted(bytes, offset, size));
        }
        cursor = offset + bytes;
        return offset;
    }

    /** Appends bytes and returns their address. */
    public long append(byte[] bytes) {
        long offset = reserve(bytes.length);
        putBytes(offset, bytes);
        return address + offset;
    }

    /** Appends a string as C has them and returns its address; a NUL inside would hide what follows it and is refused. */
    public long appendString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("a string contains a NUL character");
            }
        }
        long offset = reserve(bytes.length + 1L);
        putBytes(offset, bytes);
        pointer.putByte(offset + bytes.length, (byte) 0);
        return address + offset;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            kernel.unmap(this);
        }
    }
}
