package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Decides after each attempt whether a call is over. The back-off is {@code base · 2^(n-1)}, at most the longest, of which half is fixed
 * and half is drawn: calls that failed together do not come back together.
 */
final class RetryPolicy {

    /** Statuses that a later attempt may change; OpenFaaS's list, and 425. */
    private static final Set<Integer> RETRIED = Set.of(408, 425, 429, 500, 502, 503, 504);

    private static final int FAILURE_MIN = 400;
    private static final int DOUBLINGS_MAX = 30;

    private RetryPolicy() {}

    /** What becomes of it. */
    sealed interface Verdict {

        record Succeeded() implements Verdict {}

        /** Is made again, as this. */
        record Again(int attempts, int postponed, Instant dueAt, String failure) implements Verdict {}

        /** Is made no more. */
        record GivenUp(int attempts, String failure) implements Verdict {}
    }

    /**
     * Decides.
     *
     * @param jitter in [0, 1)
     */
    static Verdict decide(
            AsyncCall call, Instant acceptedAt, Attempt attempt, Instant now, AsyncSettings settings, double jitter) {
        Instant deadline = acceptedAt.plusMillis(call.terms().maxAgeMillis());
        int attempts = call.attempts() + 1;
        return switch (attempt) {
            case Attempt.Taken() -> new Verdict.Succeeded();
            case Attempt.Answered answer when answer.status() < FAILURE_MIN -> new Verdict.Succeeded();
            case Attempt.Answered answer
            when !RETRIED.contains(answer.status()) ->
                new Verdict.GivenUp(attempts, "it was answered with %d, which is final".formatted(answer.status()));
            case Attempt.Answered answer -> {
                String failure = "it was answered with %d".formatted(answer.status());
                Duration wait =
                        longer(backoff(attempts, settings, jitter), Duration.ofSeconds(answer.retryAfterSeconds()));
                yield counted(call, attempts, failure, now.plus(wait), deadline);
            }
            case Attempt.Failed failed ->
                counted(call, attempts, failed.why(), now.plus(backoff(attempts, settings, jitter)), deadline);
            case Attempt.NotMade notMade -> {
                int postponed = call.postponed() + 1;
                Instant dueAt = now.plus(backoff(postponed, settings, jitter));
                yield again(call.attempts(), postponed, notMade.why(), dueAt, deadline);
            }
        };
    }

    /** Whether a call that waited is not made any more. */
    static boolean isTooOld(AsyncCall call, Instant acceptedAt, Instant now) {
        return now.isAfter(acceptedAt.plusMillis(call.terms().maxAgeMillis()));
    }

    private static Verdict counted(AsyncCall call, int attempts, String failure, Instant dueAt, Instant deadline) {
        if (attempts > call.terms().retries()) {
            return new Verdict.GivenUp(
                    attempts,
                    "%s at the last of %d attempts"
                            .formatted(failure, call.terms().retries() + 1));
        }
        return again(attempts, 0, failure, dueAt, deadline);
    }

    private static Verdict again(int attempts, int postponed, String failure, Instant dueAt, Instant deadline) {
        return dueAt.isAfter(deadline)
                ? new Verdict.GivenUp(attempts, "%s, and it would be too old for another attempt".formatted(failure))
                : new Verdict.Again(attempts, postponed, dueAt, failure);
    }

    private static Duration backoff(int failures, AsyncSettings settings, double jitter) {
        long doubled = settings.backoffBase().toMillis() << Math.min(failures - 1, DOUBLINGS_MAX);
        long millis = Math.min(doubled, settings.backoffMax().toMillis());
        return Duration.ofMillis(Math.max(1, millis / 2 + (long) (jitter * (millis - millis / 2))));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
