package dev.wisp.node.image;

import com.github.luben.zstd.ZstdInputStream;
import dev.wisp.contracts.oci.OciParser;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * A layer's tar stream, decompressed and bounded: by the image's budget, by the ratio to its compressed size, and by what the reader
 * allows next, because a tar reader keeps an entry's headers in memory whatever size they claim.
 */
final class LayerStream extends InputStream {

    /** Below this, ratios say nothing: a megabyte of zeros is a kilobyte. */
    private static final long RATIO_FREE_BYTES = 64L << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    /** 32 MiB: enough for every level but "ultra", and a bound on what a hostile frame makes us allocate. */
    private static final int ZSTD_WINDOW_LOG_MAX = 25;

    private final Counter compressed;
    private final InputStream plain;
    private final UnpackBudget budget;
    private long unpacked;
    private long allowed;

    private LayerStream(Counter compressed, InputStream plain, UnpackBudget budget) {
        this.compressed = compressed;
        this.plain = new BufferedInputStream(plain, BUFFER_BYTES);
        this.budget = budget;
    }

    /** {@code file} is the compressed layer; it is recognized by its first bytes, since media types are often wrong. */
    static LayerStream open(InputStream file, UnpackBudget budget) throws RefusedLayerException {
        Counter compressed = new Counter(file);
        try {
            return new LayerStream(compressed, decompressed(new BufferedInputStream(compressed, BUFFER_BYTES)), budget);
        } catch (IOException e) {
            throw undecodable(e);
        }
    }

    private static InputStream decompressed(BufferedInputStream in) throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (startsWith(magic, 0x1f, 0x8b)) {
            // Not commons-compress: it keeps a gzip header's file name in memory, however long that is.
            return new GZIPInputStream(in, BUFFER_BYTES);
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) || startsWith(magic, 0x50, 0x2a, 0x4d, 0x18)) {
            return new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG_MAX);
        }
        return in;
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Sets how many bytes may be read before the next call of this. */
    void allow(long bytes) {
        allowed = bytes;
    }

    long unpacked() {
        return unpacked;
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
            throw RefusedLayerException.broken("has an entry whose headers are larger than they may be");
        }
        int count = readPlain(bytes, offset, (int) Math.min(length, allowed));
        if (count > 0) {
            allowed -= count;
            unpacked += count;
            budget.spendBytes(count);
            requireRatio();
        }
        return count;
    }

    private int readPlain(byte[] bytes, int offset, int length) throws IOException {
        try {
            return plain.read(bytes, offset, length);
        } catch (IOException e) {
            throw undecodable(e);
        }
    }

    private static RefusedLayerException undecodable(IOException e) {
        String reason = e.getMessage() == null ? "it ends too early" : OciParser.excerpt(e.getMessage());
        return RefusedLayerException.broken("cannot be decompressed: " + reason, e);
    }

    private void requireRatio() throws RefusedLayerException {
        int max = budget.limits().ratioMax();
        if (unpacked > RATIO_FREE_BYTES && unpacked / max > compressed.count) {
            throw RefusedLayerException.tooLarge("grows more than %d times when it is unpacked".formatted(max));
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }

    /** Counts what is read from the file. */
    private static final class Counter extends FilterInputStream {

        private long count;

        Counter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(read, 0);
            return read;
        }
    }
}
