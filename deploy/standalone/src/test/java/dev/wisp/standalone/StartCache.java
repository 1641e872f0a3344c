package dev.wisp.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a platform process loaded and compiled, as {@code wisp up} keeps it from a training run: the first one of a build that ends by itself records it, and those
 * started later take less processor time until they are ready.
 */
final class StartCache {

    private static final Path FILE = Path.of("target/platform-tests.aot").toAbsolutePath();
    private static final Path RECORDING = FILE.resolveSibling("platform-tests.recording.aot");

    /** 128 and SIGTERM. */
    private static final int TERMINATED = 143;

    private static @Nullable Process recorder;
    private static boolean records;

    private StartCache() {}

    /** What the next process is told; empty while another one records. {@link #started} must follow. */
    static synchronized Optional<String> option(Path application) throws IOException {
        keep();
        records = false;
        if (recorder != null) {
            return Optional.empty();
        }
        if (isNewer(FILE, application)) {
            return Optional.of("-XX:AOTCache=" + FILE);
        }
        records = true;
        return Optional.of("-XX:AOTCacheOutput=" + RECORDING);
    }

    static synchronized void started(Process process) {
        if (records) {
            recorder = process;
        }
    }

    /** A process that was killed has not written all of it, or another one still does. */
    private static void keep() throws IOException {
        Process ended = recorder;
        if (ended == null || ended.isAlive()) {
            return;
        }
        recorder = null;
        if (ended.exitValue() == TERMINATED && Files.exists(RECORDING)) {
            Files.move(RECORDING, FILE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isNewer(Path file, Path than) throws IOException {
        return Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
    }
}
