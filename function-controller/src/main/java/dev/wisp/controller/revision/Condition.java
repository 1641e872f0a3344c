package dev.wisp.controller.revision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One statement about an object, as Kubernetes' conditions make them.
 *
 * @param reason one word in CamelCase for programs; null when the status is true
 * @param message for people; null when the status is true
 * @param since when the status became what it is
 */
public record Condition(
        String type,
        Status status,
        @Nullable String reason,
        @Nullable String message,
        Instant since) {

    /** Whether the statement holds. */
    public enum Status {
        TRUE,
        FALSE,
        UNKNOWN
    }

    public static Condition holds(String type, Instant since) {
        return new Condition(type, Status.TRUE, null, null, since);
    }

    /** The same verdict under another name, as a summary has it. */
    public Condition as(String otherType) {
        return new Condition(otherType, status, reason, message, since);
    }
}
