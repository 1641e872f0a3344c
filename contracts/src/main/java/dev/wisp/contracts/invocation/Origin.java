package dev.wisp.contracts.invocation;

import java.util.UUID;

/**
 * How a call came about, and whose it is.
 *
 * @param attempt which one of the same request it is, from 1, at most {@link #ATTEMPT_MAX}: instances that broke off with it, and attempts of a call
 *     that nobody waits for, came before; 0 in records from before it was recorded
 * @param serviceUid of its service: a service that is deleted and made again under its name has another; {@link #NO_SERVICE} when it was not recorded
 */
public record Origin(Trigger trigger, int attempt, UUID serviceUid) {

    public static final int ATTEMPT_MAX = Short.MAX_VALUE;

    /** Stands for none. */
    public static final UUID NO_SERVICE = new UUID(0, 0);

    /** Of records from before there was one. */
    public static final Origin UNKNOWN = new Origin(Trigger.UNKNOWN, 0, NO_SERVICE);

    public Origin {
        if (attempt < 0 || attempt > ATTEMPT_MAX) {
            throw new IllegalArgumentException("attempt=%d, must be 0..%d".formatted(attempt, ATTEMPT_MAX));
        }
    }

    /**
     * @param attempt more than there is room for is the most there is room for
     * @param serviceUid as the controller publishes it; what is no UUID is none
     */
    public static Origin of(Trigger trigger, int attempt, String serviceUid) {
        return new Origin(trigger, Math.min(attempt, ATTEMPT_MAX), uuid(serviceUid));
    }

    private static UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : NO_SERVICE;
        } catch (IllegalArgumentException e) {
            return NO_SERVICE;
        }
    }
}
