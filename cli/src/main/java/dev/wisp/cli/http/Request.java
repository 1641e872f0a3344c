package dev.wisp.cli.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What to send.
 *
 * @param path with query, as it goes on the wire
 * @param headers without Host, Content-Length, Transfer-Encoding and Connection, unless a Host other than the endpoint's is meant
 * @param body null for none
 */
public record Request(
        String method,
        String path,
        Headers headers,
        @Nullable Body body) {

    public Request {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException(
                    "path '%s' must begin with / and hold no spaces or other characters to be escaped".formatted(path));
        }
        if (method.isEmpty() || !method.chars().allMatch(c -> Character.isLetter(c) || c == '-')) {
            throw new IllegalArgumentException("'%s' is not an HTTP method".formatted(method));
        }
    }

    /**
     * What follows the head.
     *
     * @param length in bytes, {@link #UNKNOWN} to send it in chunks
     */
    public record Body(long length, Writer writer) {

        public static final long UNKNOWN = -1;

        public static Body of(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new Body(bytes.length, out -> out.write(bytes));
        }
    }

    /** Writes a body. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    public static Request get(String path) {
        return new Request("GET", path, Headers.NONE, null);
    }

    public Request withHeader(String name, String value) {
        return new Request(method, path, headers.with(name, value), body);
    }
}
