package dev.wisp.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has been started and when, as lines of JSON in {@code run/startup.json} that {@code wisp up} prints while it waits:
 * {@code {"phase":"postgres","ms":412}}, or with {@code "error"} when a phase failed. Times count from the JVM's start. Thread-safe.
 */
final class StartupPhases {

    private final Path file;
    private final long startedMillis;
    private final Set<String> pending = new TreeSet<>();

    /**
     * @param startedMillis when the JVM was started, milliseconds since 1970
     * @param expected phases that must all be done before the process counts as ready
     */
    StartupPhases(Path file, long startedMillis, Set<String> expected) throws IOException {
        this.file = file;
        this.startedMillis = startedMillis;
        this.pending.addAll(expected);
        Files.deleteIfExists(file);
    }

    synchronized void done(String phase) {
        pending.remove(phase);
        append("{\"phase\":\"%s\",\"ms\":%d}\n".formatted(phase, elapsed().toMillis()));
    }

    synchronized void failed(String phase, String error) {
        String text = error.replace("\\", "\\\\").replace("\"", "'").replace("\n", " ");
        append("{\"phase\":\"%s\",\"ms\":%d,\"error\":\"%s\"}\n"
                .formatted(phase, elapsed().toMillis(), text));
    }

    synchronized Set<String> pending() {
        return Set.copyOf(pending);
    }

    private Duration elapsed() {
        return Duration.ofMillis(System.currentTimeMillis() - startedMillis);
    }

    private void append(String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }
}
