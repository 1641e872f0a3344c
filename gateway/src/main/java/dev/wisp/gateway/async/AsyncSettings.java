package dev.wisp.gateway.async;

import dev.wisp.contracts.event.WebhookOrigins;
import java.time.Duration;

/**
 * Bounds on calls that are stored.
 *
 * @param bodyBytesMax longest request body, 1..{@value #MESSAGE_BYTES_MAX}: with its head and in base64 it must fit a message of Kafka's
 * @param resultBytesMax longest body of an answer that is kept, bounds alike
 * @param callsMax calls that wait to be made, of all gateways together
 * @param callsBytesMax estimated memory of these
 * @param resultsBytesMax estimated memory of the results that are kept; the oldest go first
 * @param accountPercentMax share of each of these that one account may take, 1..100
 * @param inFlightMax calls one gateway makes at once
 * @param serviceInFlightMax calls of one service that one gateway makes at once
 * @param resultTtl how long a result is kept
 * @param backoffBase time until the first retry; doubled for each further one
 * @param backoffMax longest time until a retry
 * @param webhooks where they may go
 * @param webhookSecret signs webhooks; empty only without origins
 */
public record AsyncSettings(
        int bodyBytesMax,
        int resultBytesMax,
        int callsMax,
        long callsBytesMax,
        long resultsBytesMax,
        int accountPercentMax,
        int inFlightMax,
        int serviceInFlightMax,
        Duration resultTtl,
        Duration backoffBase,
        Duration backoffMax,
        WebhookOrigins webhooks,
        String webhookSecret) {

    static final int MESSAGE_BYTES_MAX = 700_000;
    private static final int ALL_PERCENT = 100;

    public AsyncSettings {
        within("body-bytes-max", bodyBytesMax, 1, MESSAGE_BYTES_MAX);
        within("result-bytes-max", resultBytesMax, 1, MESSAGE_BYTES_MAX);
        within("calls-max", callsMax, 1, 1_000_000);
        within("calls-bytes-max", callsBytesMax, 1 << 20, 1L << 40);
        within("results-bytes-max", resultsBytesMax, 1 << 20, 1L << 40);
        within("account-percent-max", accountPercentMax, 1, 100);
        within("in-flight-max", inFlightMax, 1, 10_000);
        within("service-in-flight-max", serviceInFlightMax, 1, inFlightMax);
        within("result-ttl", resultTtl.toMillis(), 1_000, 24L * 3_600_000);
        within("backoff-base", backoffBase.toMillis(), 1, 3_600_000);
        within("backoff-max", backoffMax.toMillis(), backoffBase.toMillis(), 3_600_000);
    }

    /** What one account may take of a bound. */
    long accountShare(long bound) {
        return Math.max(1, bound * accountPercentMax / ALL_PERCENT);
    }

    private static void within(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "wisp.gateway.async.%s=%d, must be %d..%d".formatted(key, value, min, max));
        }
    }
}
