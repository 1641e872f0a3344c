package dev.wisp.node.sandbox;

import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines of bounded length. Not thread-safe. */
final class LineCutter {

    /** A longer line is delivered in pieces of this size. */
    static final int LINE_BYTES_MAX = 8 * 1024;

    private final Consumer<byte[]> lines;
    private byte[] pending = new byte[256];
    private int length;

    LineCutter(Consumer<byte[]> lines) {
        this.lines = lines;
    }

    void accept(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i);
                deliver();
                from = i + 1;
            }
        }
        append(bytes, from, bytes.length);
    }

    /** Delivers what came without a line end, when no more will come. */
    void end() {
        if (length > 0) {
            deliver();
        }
    }

    private void append(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            int part = Math.min(to - start, LINE_BYTES_MAX - length);
            if (length + part > pending.length) {
                pending = Arrays.copyOf(pending, Math.min(LINE_BYTES_MAX, Math.max(length + part, 2 * pending.length)));
            }
            System.arraycopy(bytes, start, pending, length, part);
            length += part;
            start += part;
            if (length == LINE_BYTES_MAX && start < to) {
                deliver();
            }
        }
    }

    private void deliver() {
        lines.accept(Arrays.copyOf(pending, length));
        length = 0;
    }
}
