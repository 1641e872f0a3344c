package dev.wisp.contracts.revision;

import org.jspecify.annotations.Nullable;

/**
 * How calls of a revision are made that their callers do not wait for.
 *
 * @param retries attempts after the first, 0..{@value #RETRIES_MAX}
 * @param maxAgeMillis after which a call is given up, from its being accepted
 * @param onSuccess who is told of a success: name of a service in the same namespace, or URL; null for nobody
 * @param onFailure who is told of a call that was given up
 */
public record AsyncSpec(
        int retries,
        long maxAgeMillis,
        @Nullable String onSuccess,
        @Nullable String onFailure) {

    public static final int RETRIES_MAX = 20;
    public static final long MAX_AGE_MILLIS_MIN = 1_000;
    public static final long MAX_AGE_MILLIS_MAX = 24L * 3_600 * 1_000;

    /** Two retries within six hours, and nobody is told, as Lambda has it. */
    public static final AsyncSpec DEFAULT = new AsyncSpec(2, 6L * 3_600 * 1_000, null, null);

    public AsyncSpec {
        if (retries < 0 || retries > RETRIES_MAX) {
            throw new IllegalArgumentException("retries=%d, must be 0..%d".formatted(retries, RETRIES_MAX));
        }
        if (maxAgeMillis < MAX_AGE_MILLIS_MIN || maxAgeMillis > MAX_AGE_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    "maxAgeMillis=%d, must be %d..%d".formatted(maxAgeMillis, MAX_AGE_MILLIS_MIN, MAX_AGE_MILLIS_MAX));
        }
    }

    /** Whether a destination is a URL and not a service. */
    public static boolean isUrl(String destination) {
        return destination.indexOf(':') >= 0;
    }
}
