package dev.wisp.node.sandbox;

import dev.wisp.contracts.revision.Limits;

/**
 * What a sandbox may write at most, bytes.
 *
 * @param layerBytes into its writable layer
 * @param sharedBytes into {@code /dev/shm}
 */
record WriteBounds(long layerBytes, long sharedBytes) {

    /** As much as Docker and podman give. */
    private static final long SHARED_BYTES_MAX = 64L << 20;

    private static final long PAGE_BYTES = 4096;
    private static final long INODES_MIN = 1024;

    /** Shared memory is memory: more of it than there may be of that would only end in a process killed instead of an error. */
    static WriteBounds of(Limits limits) {
        return new WriteBounds(limits.writableBytesMax(), Math.min(SHARED_BYTES_MAX, limits.memoryBytes()));
    }

    String layerOptions() {
        return options(layerBytes);
    }

    String sharedOptions() {
        return options(sharedBytes);
    }

    /**
     * Size and inodes of a tmpfs; of the writable layer's, some thirty inodes are for what is there before. A file needs at least one page, so more inodes than pages
     * are of no use but to an attacker.
     */
    private static String options(long bytes) {
        return "size=" + bytes + ",nr_inodes=" + Math.max(INODES_MIN, bytes / PAGE_BYTES);
    }
}
