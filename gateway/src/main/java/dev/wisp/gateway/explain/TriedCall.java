package dev.wisp.gateway.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A call that was tried more than once, whose only attempt failed, or that waited while instances were left alone.
 *
 * @param attempts how often it was sent to an instance
 * @param ended the first of those that ended without an answer of the instance's, at most {@link Tries#ATTEMPTS_MAX}
 * @param notKept how many more there were
 * @param leftAlone which instances were left alone when it had to wait, the last time; empty when none were
 * @param status what the caller was answered, 0 when nobody was
 * @param end how it ended, a sentence
 * @param tookMicros from its arrival until then
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TriedCall(
        UUID invocationId,
        RevisionId revision,
        Instant receivedAt,
        int attempts,
        List<EndedAttempt> ended,
        int notKept,
        String leftAlone,
        int status,
        String end,
        long tookMicros) {

    public TriedCall {
        ended = List.copyOf(ended);
    }
}
