package dev.wisp.samples.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/** Whether outputs are there and none is older than a source. */
final class UpToDate {

    private UpToDate() {}

    /** Sources may be folders: then every file below counts. */
    static boolean check(List<Path> outputs, List<Path> sources) throws IOException {
        if (!outputs.stream().allMatch(Files::exists)) {
            return false;
        }
        FileTime oldestOutput = FileTime.fromMillis(Long.MAX_VALUE);
        for (Path output : outputs) {
            FileTime time = Files.getLastModifiedTime(output);
            oldestOutput = time.compareTo(oldestOutput) < 0 ? time : oldestOutput;
        }
        FileTime limit = oldestOutput;
        for (Path source : sources) {
            try (Stream<Path> files = Files.walk(source)) {
                if (files.anyMatch(file -> modified(file).compareTo(limit) > 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
