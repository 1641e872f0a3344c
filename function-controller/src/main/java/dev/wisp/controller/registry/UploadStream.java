package dev.wisp.controller.registry;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * An upload's bytes under two bounds: all of them together, and what the tar reader may take for one entry's headers, which it keeps in
 * memory whatever size they claim.
 */
final class UploadStream extends InputStream {

    private static final int HEADER_BYTES_MAX = 256 << 10;
    private static final int PADDING_BYTES_MAX = 512;

    private static final int BUFFER_BYTES = 128 << 10;

    private final InputStream in;
    private final long bytesMax;
    private long left;
    private long allowed;

    private UploadStream(InputStream in, long bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
        this.left = bytesMax;
    }

    /** {@code archive} may be compressed with gzip. */
    static UploadStream open(InputStream archive, long bytesMax) throws IOException {
        try {
            return new UploadStream(decompressed(new BufferedInputStream(archive, BUFFER_BYTES)), bytesMax);
        } catch (IOException e) {
            throw new Interrupted(e);
        }
    }

    private static InputStream decompressed(BufferedInputStream in) throws IOException {
        in.mark(2);
        byte[] magic = in.readNBytes(2);
        in.reset();
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new BufferedInputStream(new GZIPInputStream(in), BUFFER_BYTES) : in;
    }

    /** The client went away or sent something that cannot be decompressed. */
    static final class Interrupted extends IOException {

        Interrupted(IOException cause) {
            super("the upload broke off: " + cause.getMessage(), cause);
        }
    }

    void allowHeaders() {
        allowed = HEADER_BYTES_MAX;
    }

    void allowContent(long bytes) {
        allowed = Math.clamp(bytes, 0, Long.MAX_VALUE - PADDING_BYTES_MAX) + PADDING_BYTES_MAX;
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
        if (allowed <= 0) {
            throw new ProblemException(Problem.of(
                    ErrorCode.IMAGE_INVALID, "the archive has an entry whose headers are larger than they may be"));
        }
        int count = readIn(bytes, offset, (int) Math.min(length, allowed));
        allowed -= Math.max(count, 0);
        left -= Math.max(count, 0);
        if (left < 0) {
            throw new ProblemException(
                    Problem.of(ErrorCode.IMAGE_TOO_LARGE, "the upload is larger than %d bytes".formatted(bytesMax)));
        }
        return count;
    }

    private int readIn(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            throw new Interrupted(e);
        }
    }
}
