package dev.wisp.bench.peer;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone when the benchmark is. */
public record WorkFolder(Path path) implements AutoCloseable {

    /** Readable by everyone: peers run as other users. */
    public static WorkFolder create() {
        try {
            Path path = Files.createTempDirectory("wisp-bench-");
            if (!path.toFile().setReadable(true, false) || !path.toFile().setExecutable(true, false)) {
                throw new BenchException("cannot open %s to others".formatted(path));
            }
            return new WorkFolder(path);
        } catch (IOException e) {
            throw new BenchException("cannot create a work folder: " + e, e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new BenchException("cannot delete " + path, e);
        }
    }
}
