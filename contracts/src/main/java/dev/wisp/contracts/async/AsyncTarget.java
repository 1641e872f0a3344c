package dev.wisp.contracts.async;

/**
 * Where a stored call goes.
 *
 * @param value of a host: as callers name it; of a service: its name, in the namespace of the call; of a webhook: its URL
 */
public record AsyncTarget(Kind kind, String value) {

    /** What the value is. */
    public enum Kind {
        HOST,
        SERVICE,
        WEBHOOK
    }
}
