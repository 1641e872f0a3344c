package dev.wisp.node.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What makes that which was written outlast a loss of power. Blocks for as long as the disk takes; nothing of it belongs on an event loop. */
interface Disk {

    /** The kernel's {@code fdatasync} and, of a folder, {@code fsync}. */
    Disk KERNEL = new Disk() {
        @Override
        public void sync(FileChannel file) throws IOException {
            file.force(false);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    };

    /**
     * Returns when all that was written to the file, through its mapping too, is on the disk.
     *
     * @throws IOException when some of it is not. The kernel tells this once and then takes the pages for written: a later success says
     *     nothing about them
     */
    void sync(FileChannel file) throws IOException;

    /** Returns when the names of the folder's files are on the disk. */
    void syncFolder(Path folder) throws IOException;
}
