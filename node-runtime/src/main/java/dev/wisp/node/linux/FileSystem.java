package dev.wisp.node.linux;

/** What a file system has left, of any mount that a path leads to. Thread-safe. */
public final class FileSystem {

    private static final int STATFS_BYTES = 120;
    private static final int BLOCK_BYTES_AT = 8;
    private static final int BLOCKS_AT = 16;
    private static final int BLOCKS_FREE_AT = 24;
    private static final int INODES_AT = 40;
    private static final int INODES_FREE_AT = 48;

    private final Kernel kernel;

    public FileSystem(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Room of a file system; all 0 when it cannot be asked.
     *
     * @param bytes of it all
     * @param inodes files, folders and links there may be
     */
    public record Room(long bytes, long bytesFree, long inodes, long inodesFree) {

        public static final Room UNKNOWN = new Room(0, 0, 0, 0);

        public boolean isOutOfBytes() {
            return bytes > 0 && bytesFree == 0;
        }

        public boolean isOutOfInodes() {
            return inodes > 0 && inodesFree == 0;
        }
    }

    public Room room(String path) {
        return kernel.scratch(scratch -> {
            long answer = scratch.reserve(STATFS_BYTES);
            long result =
                    kernel.raw(Syscall.STATFS, scratch.appendString(path), scratch.address() + answer, 0, 0, 0, 0);
            if (result < 0) {
                return Room.UNKNOWN;
            }
            long block = scratch.getLong(answer + BLOCK_BYTES_AT);
            return new Room(
                    scratch.getLong(answer + BLOCKS_AT) * block,
                    scratch.getLong(answer + BLOCKS_FREE_AT) * block,
                    scratch.getLong(answer + INODES_AT),
                    scratch.getLong(answer + INODES_FREE_AT));
        });
    }
}
