package dev.wisp.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.gateway.explain.EndedAttempt.Ending;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Its bounds. */
class TriedCallsTest {

    @Test
    void forgetsTheOldest() {
        TriedCalls calls = new TriedCalls();
        for (int call = 0; call <= TriedCalls.CALLS_MAX; call++) {
            calls.add(call(call));
        }

        assertThat(calls.find(id(0))).isEmpty();
        assertThat(calls.find(id(1))).contains(call(1));
        assertThat(calls.latest(2)).containsExactly(call(TriedCalls.CALLS_MAX), call(TriedCalls.CALLS_MAX - 1));
        assertThat(calls.find(id(TriedCalls.CALLS_MAX))).contains(call(TriedCalls.CALLS_MAX));
    }

    @Test
    void keepsFewAttemptsOfACallAndOnlyTheNumberOfTheOthers() {
        Tries tries = new Tries();
        for (int attempt = 0; attempt < 100; attempt++) {
            tries.ended(attempt("i" + attempt, "gone"));
        }

        assertThat(tries.ended()).hasSize(Tries.ATTEMPTS_MAX);
        assertThat(tries.ended().getFirst().instanceId()).isEqualTo("i0");
        assertThat(tries.notKept()).isEqualTo(100 - Tries.ATTEMPTS_MAX);
    }

    @Test
    void cutsALongDetail() {
        assertThat(attempt("i", "x".repeat(10_000)).detail()).hasSize(EndedAttempt.DETAIL_LENGTH_MAX);
    }

    private static EndedAttempt attempt(String instanceId, String detail) {
        return new EndedAttempt(instanceId, "n", Ending.REFUSED, detail, 0, 0);
    }

    private static TriedCall call(long number) {
        return new TriedCall(
                id(number),
                new RevisionId("default", "hello-00001"),
                Instant.EPOCH,
                2,
                List.of(attempt("i", "gone")),
                0,
                "",
                200,
                "answered",
                number);
    }

    private static UUID id(long number) {
        return new UUID(0, number);
    }
}
