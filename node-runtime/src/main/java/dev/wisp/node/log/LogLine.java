package dev.wisp.node.log;

import dev.wisp.node.sandbox.OutputSink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One line of output as the workload wrote it.
 *
 * @param atMicros wall clock, microseconds since 1970 UTC
 */
@SuppressWarnings("ArrayRecordComponent") // Lines are never compared, and a copy of each would double their cost.
record LogLine(long atMicros, String instanceId, OutputSink.Stream stream, byte[] bytes) {

    /** What a line costs beside its text. */
    private static final int OVERHEAD_BYTES = 96;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    int size() {
        return bytes.length + OVERHEAD_BYTES;
    }

    /** {@code 2026-11-01T12:00:00.000123Z hello-00001-ab12cd34 stdout | text}. */
    String print() {
        Instant at =
                Instant.ofEpochSecond(Math.floorDiv(atMicros, 1_000_000), Math.floorMod(atMicros, 1_000_000) * 1_000L);
        return TIME.format(at) + " " + instanceId + " " + stream.name().toLowerCase(Locale.ROOT) + " | " + text();
    }

    /**
     * The text with every control character but the tab spelled out, so that no line can move a terminal's cursor, forge another line or
     * hide itself.
     */
    String text() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\t' || !isControl(point)) {
                harmless.appendCodePoint(point);
            } else {
                harmless.append(point < 256 ? "\\x%02x".formatted(point) : "\\u%04x".formatted(point));
            }
        });
        return harmless.toString();
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
