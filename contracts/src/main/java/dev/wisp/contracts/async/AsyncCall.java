package dev.wisp.contracts.async;

import dev.wisp.contracts.revision.AsyncSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is still to be made, or made again.
 *
 * @param uri path and query
 * @param headers of the request, without those that belong to one connection
 * @param terms of the revision that would have answered when it was accepted
 * @param attempts how often it reached its target and failed
 * @param postponed how often it could not be made at all
 * @param attemptId invocation id of the next attempt; that of the first is the id of the whole
 * @param dueAt not before
 * @param lastFailure what the last attempt said; null before there was one
 */
public record AsyncCall(
        AsyncTarget target,
        String method,
        String uri,
        List<HeaderField> headers,
        Payload body,
        AsyncSpec terms,
        int attempts,
        int postponed,
        String attemptId,
        Instant dueAt,
        @Nullable String lastFailure) {

    public AsyncCall {
        headers = List.copyOf(headers);
    }

    /** To be made again. */
    public AsyncCall again(int attemptsNow, int postponedNow, String nextAttemptId, Instant at, String failure) {
        return new AsyncCall(
                target, method, uri, headers, body, terms, attemptsNow, postponedNow, nextAttemptId, at, failure);
    }
}
