package dev.wisp.node.linux;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files out of unpacked layers without trusting a name in them: a path is resolved by the kernel below the layer's folder, through no
 * symbolic link, and only a regular file is read. Thread-safe.
 */
public final class ImageFiles {

    public static final int BYTES_MAX = 1 << 20;

    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int RESOLVE_BENEATH = 8;
    private static final int OPEN_HOW_BYTES = 24;

    private final Kernel kernel;
    private final Descriptors descriptors;

    public ImageFiles(Kernel kernel) {
        this.kernel = kernel;
        this.descriptors = new Descriptors(kernel);
    }

    /**
     * The file as the layers together show it; null when the topmost layer that says something about it says that it is not there, or is not a file.
     *
     * @param layers topmost first
     * @param path relative
     */
    public byte @Nullable [] read(List<Path> layers, String path) {
        for (Path layer : layers) {
            int folder = descriptors.open(layer.toString(), Named.flags(Named.O_PATH, Named.O_DIRECTORY), 0);
            try {
                long file = open(folder, path);
                if (file >= 0) {
                    return readAll((int) file);
                }
                if (file != -Errno.ENOENT) {
                    return null;
                }
            } finally {
                descriptors.close(folder);
            }
        }
        return null;
    }

    private long open(int folder, String path) {
        return kernel.scratch(scratch -> {
            long how = scratch.reserve(OPEN_HOW_BYTES);
            scratch.putLong(
                    how,
                    Named.flags(Named.O_NONBLOCK, Named.O_NOFOLLOW, Named.O_CLOEXEC)
                            .value());
            scratch.putLong(how + 8, 0);
            scratch.putLong(how + 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
            return kernel.raw(
                    Syscall.OPENAT2, folder, scratch.appendString(path), scratch.address() + how, OPEN_HOW_BYTES, 0, 0);
        });
    }

    /** A whiteout is a device that nobody drives and a pipe has no end: neither is read, because only a regular file has a size to seek in. */
    private byte @Nullable [] readAll(int file) {
        try {
            return kernel.<byte @Nullable []>scratch(scratch -> {
                long room = scratch.reserve(CHUNK_BYTES);
                java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
                while (all.size() < BYTES_MAX) {
                    long length =
                            kernel.raw(Syscall.PREAD64, file, scratch.address() + room, CHUNK_BYTES, all.size(), 0, 0);
                    if (length < 0) {
                        return null;
                    }
                    if (length == 0) {
                        return all.toByteArray();
                    }
                    all.writeBytes(scratch.getBytes(room, (int) length));
                }
                return null;
            });
        } finally {
            descriptors.close(file);
        }
    }

    private static final int CHUNK_BYTES = 8 * 1024;
}
