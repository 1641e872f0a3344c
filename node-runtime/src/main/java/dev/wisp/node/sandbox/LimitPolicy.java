package dev.wisp.node.sandbox;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.linux.FileSystem;
import java.util.EnumMap;
import java.util.Map;

/** Which limits a sandbox has reached, in words that say what to do. */
final class LimitPolicy {

    private LimitPolicy() {}

    /**
     * What was read of a sandbox.
     *
     * @param processesRefused how many processes could not be made
     * @param openFiles descriptors of its first process, 0 when not known
     */
    record Observed(long processesRefused, long openFiles, FileSystem.Room room) {}

    static Map<Limit, String> reached(Limits limits, int openFilesMax, Observed observed) {
        Map<Limit, String> reached = new EnumMap<>(Limit.class);
        if (observed.processesRefused() > 0) {
            reached.put(
                    Limit.PROCESSES,
                    "limit reached: it has the %d processes and threads it may have; %d more could not be made (EAGAIN)"
                            .formatted(limits.pidsMax(), observed.processesRefused()));
        }
        if (observed.openFiles() >= openFilesMax) {
            reached.put(
                    Limit.OPEN_FILES,
                    "limit reached: process 1 has the %d open files it may have; opening more fails (EMFILE)"
                            .formatted(openFilesMax));
        }
        if (observed.room().isOutOfBytes()) {
            reached.put(
                    Limit.WRITABLE_BYTES,
                    "limit reached: what it has written takes the %d KiB of its writable layer; writing more fails (ENOSPC)"
                            .formatted(observed.room().bytes() >> 10));
        }
        if (observed.room().isOutOfInodes()) {
            reached.put(
                    Limit.WRITABLE_FILES,
                    "limit reached: it has made the %d files and folders that its writable layer holds; making more fails (ENOSPC)"
                            .formatted(observed.room().inodes()));
        }
        return reached;
    }
}
