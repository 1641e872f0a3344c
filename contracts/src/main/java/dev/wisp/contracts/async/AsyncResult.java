package dev.wisp.contracts.async;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a stored call ended.
 *
 * @param succeeded whether its last answer is a success
 * @param status of the last answer, 0 when there was none
 * @param bodyKept false when the body was larger than results may be
 * @param attempts how often it was made
 * @param failure why it was given up, in words; null for a success
 * @param expiresAt when the result is forgotten
 */
public record AsyncResult(
        boolean succeeded,
        int status,
        List<HeaderField> headers,
        Payload body,
        boolean bodyKept,
        int attempts,
        @Nullable String failure,
        Instant endedAt,
        Instant expiresAt) {

    public AsyncResult {
        headers = List.copyOf(headers);
    }
}
