package dev.wisp.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Keeps a second process off the same home; the kernel releases it however this process ends. */
final class HomeLock implements AutoCloseable {

    private final FileChannel channel;
    private final Path pidFile;

    private HomeLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /** Locks the home and writes the pid file; empty when another process has it. */
    static Optional<HomeLock> acquire(Home home) throws IOException {
        FileChannel channel =
                FileChannel.open(home.run().resolve("wisp.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            return Optional.empty();
        }
        Path pidFile = home.run().resolve("wisp.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
        return Optional.of(new HomeLock(channel, pidFile));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pidFile);
        channel.close();
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
