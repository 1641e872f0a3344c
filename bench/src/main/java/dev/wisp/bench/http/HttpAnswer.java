package dev.wisp.bench.http;

import java.util.Map;

/**
 * An answer as far as it came.
 *
 * @param headers by lower-case name, trailers included
 * @param complete whether its end was reached
 * @param firstByteMicros from before the request was sent to its first byte
 * @param totalMicros likewise to its last byte
 */
public record HttpAnswer(
        int status,
        Map<String, String> headers,
        long bodyBytes,
        boolean complete,
        long firstByteMicros,
        long totalMicros) {

    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** Empty when there is none. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
