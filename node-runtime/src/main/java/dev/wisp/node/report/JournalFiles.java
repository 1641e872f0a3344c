package dev.wisp.node.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Names of the journal's files: sixteen digits, so that their order is that of their names. */
final class JournalFiles {

    private JournalFiles() {}

    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> number(file) > 0).sorted().toList();
        }
    }

    /** The number in a file's name, 0 for a file that is not the journal's. */
    static long number(Path file) {
        String name = file.getFileName().toString();
        return name.matches("\\d{16}\\" + Segment.SUFFIX) ? Long.parseLong(name.substring(0, 16)) : 0;
    }
}
