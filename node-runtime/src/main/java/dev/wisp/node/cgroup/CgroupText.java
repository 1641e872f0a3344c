package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What control group files say. */
final class CgroupText {

    private CgroupText() {}

    /** The number a file holds, 0 when the file is not there. */
    static long number(@Nullable String text) {
        return text == null || text.isBlank() || text.startsWith("max") ? 0 : Long.parseLong(text.strip());
    }

    /** The number behind a name in a file of {@code name number} lines, 0 when there is none. */
    static long field(@Nullable String text, String name) {
        if (text == null) {
            return 0;
        }
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /** The text without what ends its line. */
    static String line(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /**
     * Ids in a file that names processes or threads, read whole: what is cut off in the middle of a number is another number. None when it is not there. There are no
     * more than the group's limit of processes.
     */
    static List<Long> listed(String path) {
        try {
            return ids(Files.readString(Path.of(path), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Ids in the text of such a file. */
    static List<Long> ids(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::parseLong)
                .toList();
    }

    /** Whether removing a folder ended with it not being there. */
    static boolean isGone(long result) {
        return result == 0 || result == -Errno.ENOENT;
    }
}
