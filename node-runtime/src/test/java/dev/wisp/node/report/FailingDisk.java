package dev.wisp.node.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The kernel's, except that it fails when it is told to. */
final class FailingDisk implements Disk {

    private volatile BooleanSupplier fails = () -> false;
    private int syncs;

    void failsNext(int times) {
        int[] left = {times};
        failsWhen(() -> left[0]-- > 0);
    }

    void failsWhen(BooleanSupplier when) {
        fails = when;
    }

    int syncs() {
        return syncs;
    }

    @Override
    public void sync(FileChannel file) throws IOException {
        syncs++;
        if (fails.getAsBoolean()) {
            throw new IOException("Input/output error");
        }
        KERNEL.sync(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        KERNEL.syncFolder(folder);
    }
}
