package dev.wisp.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of a head, bounded in length and number. */
final class LineReader {

    private static final int LINE_BYTES_MAX = 64 * 1024;
    private static final int FIELDS_MAX = 256;

    private LineReader() {}

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed before the answer was complete");
            }
            if (line.size() == LINE_BYTES_MAX) {
                throw new IOException("a header is longer than %d bytes".formatted(LINE_BYTES_MAX));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    static Headers fields(InputStream in) throws IOException {
        List<Headers.Field> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (fields.size() == FIELDS_MAX) {
                throw new IOException("the answer has more than %d headers".formatted(FIELDS_MAX));
            }
            try {
                fields.add(Headers.Field.parse(line));
            } catch (IllegalArgumentException e) {
                throw new IOException("the answer is not HTTP: " + e.getMessage(), e);
            }
        }
        return new Headers(fields);
    }
}
