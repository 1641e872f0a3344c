package dev.wisp.bench.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads lines and bodies, and notes when the first byte of an answer came. */
final class HttpReader {

    private static final int LINE_BYTES_MAX = 16 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int position;
    private int limit;
    private long firstByteNanos;
    private boolean waiting;

    HttpReader(InputStream in) {
        this.in = in;
    }

    /** What is read next is an answer's first byte. */
    void expectAnswer() {
        waiting = true;
    }

    long firstByteNanos() {
        return firstByteNanos;
    }

    /** A line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (line.length() < LINE_BYTES_MAX) {
            if (position == limit && !fill()) {
                throw new EOFException("the connection ended");
            }
            int end = indexOfNewline();
            line.append(new String(buffer, position, end - position, StandardCharsets.ISO_8859_1));
            position = end;
            if (position < limit) {
                position++;
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
        }
        throw new IOException("line longer than %d bytes".formatted(LINE_BYTES_MAX));
    }

    /** Reads and drops; returns how many bytes there were before the connection ended. */
    long skip(long count) throws IOException {
        long left = count;
        while (left > 0 && (position < limit || fill())) {
            int step = (int) Math.min(left, (long) limit - position);
            position += step;
            left -= step;
        }
        return count - left;
    }

    private int indexOfNewline() {
        int end = position;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer);
        if (waiting) {
            firstByteNanos = System.nanoTime();
            waiting = false;
        }
        position = 0;
        limit = Math.max(0, read);
        return read > 0;
    }
}
