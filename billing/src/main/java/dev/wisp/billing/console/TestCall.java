package dev.wisp.billing.console;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that the page asks to be sent to a service.
 *
 * @param method GET when left out
 * @param path with its query, {@code /} when left out
 * @param body text, none when left out
 */
public record TestCall(
        @Nullable String namespace,
        @Nullable String service,
        @Nullable String method,
        @Nullable String path,
        @Nullable Map<String, String> headers,
        @Nullable String body) {

    /**
     * What came back.
     *
     * @param micros from the first byte sent to the last one read, as this process saw it
     * @param headers in the order they came, trailers after them
     * @param body its beginning as text
     * @param bodyBytes as many as were read
     * @param truncated whether {@code body} is only the beginning
     */
    public record Answer(
            int status,
            String reason,
            String version,
            long micros,
            List<Header> headers,
            String body,
            long bodyBytes,
            boolean truncated) {

        public Answer {
            headers = List.copyOf(headers);
        }
    }

    /** One line of the head or of the trailers. */
    public record Header(String name, String value) {}
}
