package dev.wisp.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A response's body as it is framed: by length, in chunks with trailers, or up to the end of the connection. */
final class BodyStream extends InputStream {

    private static final long TO_THE_END = Long.MAX_VALUE;

    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean firstChunk = true;
    private boolean ended;
    private Headers trailers = Headers.NONE;

    private BodyStream(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static BodyStream none(InputStream in) {
        return new BodyStream(in, false, 0);
    }

    static BodyStream of(InputStream in, Headers headers) throws IOException {
        if (headers.first("transfer-encoding").map("chunked"::equalsIgnoreCase).orElse(false)) {
            return new BodyStream(in, true, 0);
        }
        String length = headers.first("content-length").orElse("");
        if (length.isEmpty()) {
            return new BodyStream(in, false, TO_THE_END);
        }
        try {
            return new BodyStream(in, false, Long.parseUnsignedLong(length));
        } catch (NumberFormatException e) {
            throw new IOException("the answer has Content-Length '%s'".formatted(length), e);
        }
    }

    Headers trailers() {
        return trailers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (left == 0 || ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            return atConnectionEnd();
        }
        left -= left == TO_THE_END ? 0 : count;
        return count;
    }

    private int atConnectionEnd() throws EOFException {
        if (left != TO_THE_END) {
            throw new EOFException("the connection was closed before the answer was complete");
        }
        ended = true;
        return -1;
    }

    private void nextChunk() throws IOException {
        if (!firstChunk) {
            LineReader.line(in);
        }
        firstChunk = false;
        String size = LineReader.line(in).split(";", 2)[0].strip();
        try {
            left = Long.parseUnsignedLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("the answer has a chunk of size '%s'".formatted(size), e);
        }
        if (left == 0) {
            ended = true;
            trailers = LineReader.fields(in);
        }
    }
}
