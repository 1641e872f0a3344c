package dev.wisp.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.gateway.async.RetryPolicy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final Instant NOW = Calls.NOW;
    private static final AsyncSpec TWICE = new AsyncSpec(2, 60_000, null, null);

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 304})
    void whatIsNoErrorIsASuccess(int status) {
        assertThat(decide(call(0, 0), answered(status, 0), 0)).isEqualTo(new Verdict.Succeeded());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgain(int status) {
        assertThat(decide(call(0, 0), answered(status, 0), 0))
                .isEqualTo(new Verdict.Again(1, 0, NOW.plusMillis(10), "it was answered with " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 409, 413, 422, 501, 505})
    void whatWillNotPassIsGivenUp(int status) {
        assertThat(decide(call(0, 0), answered(status, 0), 0))
                .isEqualTo(new Verdict.GivenUp(1, "it was answered with %d, which is final".formatted(status)));
    }

    @Test
    void isGivenUpAfterTheLastAttempt() {
        assertThat(decide(call(2, 0), answered(500, 0), 0))
                .isEqualTo(new Verdict.GivenUp(3, "it was answered with 500 at the last of 3 attempts"));
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLongestAndHalfOfItIsDrawn() {
        AsyncCall patient = Calls.call(new AsyncSpec(20, 60_000, null, null), NOW);

        assertThat(List.of(wait(patient, 0, 0), wait(patient, 1, 0), wait(patient, 2, 0), wait(patient, 9, 0)))
                .containsExactly(10L, 20L, 40L, 100L);
        assertThat(wait(patient, 2, 0.5)).isEqualTo(60);
        assertThat(wait(patient, 19, 0.999)).isEqualTo(199);
    }

    @Test
    void asksNotBeforeTheAnswerSaysSo() {
        assertThat(decide(call(0, 0), answered(503, 7), 0))
                .isEqualTo(new Verdict.Again(1, 0, NOW.plusSeconds(7), "it was answered with 503"));
        assertThat(decide(call(0, 0), answered(429, 61), 0))
                .isEqualTo(new Verdict.GivenUp(
                        1, "it was answered with 429, and it would be too old for another attempt"));
    }

    @Test
    void whatThePlatformCannotDoNowIsNoAttemptAndGoesOnUntilTheCallIsTooOld() {
        Attempt full = new Attempt.NotMade("E1403: full");

        assertThat(decide(call(2, 40), full, 0))
                .isEqualTo(new Verdict.Again(2, 41, NOW.plusMillis(100), "E1403: full"));
        assertThat(RetryPolicy.decide(call(0, 5), NOW.minus(Duration.ofMinutes(1)), full, NOW, Calls.SETTINGS, 0))
                .isEqualTo(new Verdict.GivenUp(0, "E1403: full, and it would be too old for another attempt"));
    }

    @Test
    void aWorkloadThatDoesNotStartUsesUpAttempts() {
        assertThat(decide(call(1, 0), new Attempt.Failed("E1202: exited"), 0))
                .isEqualTo(new Verdict.Again(2, 0, NOW.plusMillis(20), "E1202: exited"));
    }

    @Test
    void isTooOldAfterItsAge() {
        AsyncCall call = call(0, 0);

        assertThat(RetryPolicy.isTooOld(call, NOW, NOW.plusSeconds(60))).isFalse();
        assertThat(RetryPolicy.isTooOld(call, NOW, NOW.plusSeconds(60).plusMillis(1)))
                .isTrue();
    }

    private static long wait(AsyncCall call, int attempts, double jitter) {
        AsyncCall tried = call.again(attempts, 0, "next", NOW, "it failed");
        Verdict verdict = decide(tried, answered(500, 0), jitter);
        return verdict instanceof Verdict.Again again
                ? Duration.between(NOW, again.dueAt()).toMillis()
                : -1;
    }

    private static Verdict decide(AsyncCall call, Attempt attempt, double jitter) {
        return RetryPolicy.decide(call, NOW, attempt, NOW, Calls.SETTINGS, jitter);
    }

    private static AsyncCall call(int attempts, int postponed) {
        return Calls.call(TWICE, NOW).again(attempts, postponed, "next", NOW, "it failed");
    }

    private static Attempt answered(int status, long retryAfterSeconds) {
        return new Attempt.Answered(status, retryAfterSeconds, List.of(), Payload.EMPTY, true);
    }
}
