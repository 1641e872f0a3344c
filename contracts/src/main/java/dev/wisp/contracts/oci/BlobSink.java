package dev.wisp.contracts.oci;

import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Where the library writes a blob to: takes no more than the blob has, and remembers whose fault a failure was. */
final class BlobSink extends OutputStream {

    private final OutputStream sink;
    private final Descriptor blob;
    private long copied;
    private @Nullable IOException failure;

    BlobSink(OutputStream sink, Descriptor blob) {
        this.sink = sink;
        this.blob = blob;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        copied += length;
        if (copied > blob.bytes()) {
            throw broken("is longer than the %d bytes its manifest says".formatted(blob.bytes()));
        }
        try {
            sink.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Leaves the sink open; it is the caller's. */
    @Override
    public void close() {}

    /** Throws when the blob ended too early. */
    void requireWhole() throws RegistryFault {
        if (copied < blob.bytes()) {
            throw broken("ends after %d of %d bytes".formatted(copied, blob.bytes()));
        }
    }

    RegistryFault broken(String what) {
        return new RegistryFault(ErrorCode.IMAGE_LAYER_BROKEN, "layer %s %s".formatted(blob.digest(), what));
    }

    /** What the sink itself failed with, if it did. */
    @Nullable
    IOException failure() {
        return failure;
    }
}
