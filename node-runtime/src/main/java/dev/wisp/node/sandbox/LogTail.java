package dev.wisp.node.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** The last lines a sandbox printed, for the problem document when it fails. Thread-safe. */
final class LogTail {

    private static final int LINES_MAX = 20;
    private static final int LINE_CHARS_MAX = 500;

    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();

    synchronized void add(byte[] line) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    /** As text, long lines cut; control characters, which could speak to a terminal, are replaced. */
    synchronized List<String> text() {
        return lines.stream()
                .map(line -> new String(line, StandardCharsets.UTF_8))
                .map(line -> line.length() > LINE_CHARS_MAX ? line.substring(0, LINE_CHARS_MAX) + "..." : line)
                .map(line -> line.replaceAll("[\\p{Cntrl}&&[^\t]]", "\uFFFD"))
                .toList();
    }
}
