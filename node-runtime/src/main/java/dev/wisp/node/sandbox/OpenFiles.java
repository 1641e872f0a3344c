package dev.wisp.node.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many descriptors a process has: cheap to ask since Linux 6.2, and before that looked at only where there may be many. */
final class OpenFiles {

    private static final String TABLE_SIZE = "FDSize:";

    private OpenFiles() {}

    /**
     * Exact from Linux 6.2 on; before that, 0 while its table of descriptors has no room for {@code many}.
     *
     * @param process its folder in {@code /proc}; 0 when it is gone
     */
    static long of(Path process, int many) {
        long told = process.resolve("fd").toFile().length();
        return told > 0 ? told : counted(process, many);
    }

    /** Every sandbox is looked at each second: the size of the table, which never shrinks, decides whether it is worth while to list what is in it. */
    static long counted(Path process, int many) {
        try {
            return tableSize(process) < many ? 0 : count(process.resolve("fd"));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(process.toString(), e);
        }
    }

    private static long tableSize(Path process) throws IOException {
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith(TABLE_SIZE)) {
                return Long.parseLong(line.substring(TABLE_SIZE.length()).strip());
            }
        }
        return 0;
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
