package dev.wisp.bench.cluster;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A disk of a bounded size that can be filled up: a file system in memory, mounted where only this process and its children see it.
 * Needs {@link PrivateMounts}.
 */
public final class PrivateDisk {

    private static final int BLOCK = 1 << 20;
    private static final String BALLAST = "ballast";

    private final Path folder;

    private PrivateDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts it.
     *
     * @param mebibytes its size
     */
    static PrivateDisk mount(Path folder, int mebibytes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BenchException("cannot create %s: %s".formatted(folder, e), e);
        }
        String options = "mode=755,size=%dm".formatted(mebibytes);
        run("mount", folder, List.of("mount", "-t", "tmpfs", "-o", options, "bench", folder.toString()));
        return new PrivateDisk(folder);
    }

    /** So that its folder can be deleted. */
    void unmount() {
        run("unmount", folder, List.of("umount", "--lazy", folder.toString()));
    }

    Path folder() {
        return folder;
    }

    /** Until not a byte more fits. */
    public void fill() {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        int size = BLOCK;
        try (FileChannel file =
                FileChannel.open(folder.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (size > 0) {
                block.clear().limit(size);
                size = isWritten(file, block) ? size : size / 2;
            }
        } catch (IOException e) {
            throw new BenchException("cannot fill %s: %s".formatted(folder, e), e);
        }
    }

    /** As it was before {@link #fill()}. */
    public void free() {
        try {
            Files.deleteIfExists(folder.resolve(BALLAST));
        } catch (IOException e) {
            throw new BenchException("cannot empty %s: %s".formatted(folder, e), e);
        }
    }

    private static boolean isWritten(FileChannel file, ByteBuffer block) {
        try {
            return file.write(block) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void run(String what, Path folder, List<String> command) {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new BenchException("cannot %s a file system at %s".formatted(what, folder));
            }
        } catch (IOException e) {
            throw new BenchException("cannot %s a file system at %s: %s".formatted(what, folder, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
