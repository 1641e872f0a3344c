package dev.wisp.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The host's memory as its kernel tells it; NaN where it does not. */
final class HostMemory {

    private static final Path FILE = Path.of("/proc/meminfo");
    private static final long KIB = 1_024;

    private HostMemory() {}

    static double sizeBytes() {
        return now("MemTotal:");
    }

    /** What programs could have without others being written out: caches that the kernel would drop count as free. */
    static double availableBytes() {
        return now("MemAvailable:");
    }

    private static double now(String field) {
        try {
            return bytes(Files.readAllLines(FILE), field);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    static double bytes(List<String> lines, String field) {
        for (String line : lines) {
            String[] words = line.split("\\s+");
            if (words.length == 3 && words[0].equals(field)) {
                return (double) Long.parseLong(words[1]) * KIB;
            }
        }
        return Double.NaN;
    }
}
