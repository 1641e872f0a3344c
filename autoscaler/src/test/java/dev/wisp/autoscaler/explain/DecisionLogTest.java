package dev.wisp.autoscaler.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionLogTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final DecisionLog log = new DecisionLog(3);

    @Test
    void foldsConfirmationsIntoOneEntry() {
        log.add("a", decision("a-00001", 0, 1));
        log.add("a", decision("a-00001", 5, 1));

        Decision only = log.latest("default", "a", 10).orElseThrow().getFirst();
        assertThat(only.at()).isEqualTo(START);
        assertThat(only.until()).isEqualTo(START.plusSeconds(5));
        assertThat(only.confirmations()).isEqualTo(2);
    }

    /** What follows knows no such node any more. */
    @Test
    void keepsWhyANodeWasGivenUp() {
        log.add("a", decision("a-00001", 0, 1, List.of("node b is lost")));
        log.add("a", decision("a-00001", 1, 1));
        log.add("a", decision("a-00001", 2, 1));

        assertThat(log.latest("default", "a", 10).orElseThrow())
                .extracting(Decision::besides, Decision::confirmations)
                .containsExactly(tuple(List.of(), 2L), tuple(List.of("node b is lost"), 1L));
    }

    @Test
    void keepsTheLastOnesOnly() {
        for (int i = 0; i < 10; i++) {
            log.add("a", decision("a-00001", i, i));
        }

        assertThat(log.latest("default", "a", 10).orElseThrow())
                .extracting(Decision::desired)
                .containsExactly(9, 8, 7);
    }

    @Test
    void listsAllRevisionsOfAServiceNewestFirst() {
        log.add("a", decision("a-00001", 0, 1));
        log.add("a", decision("a-00002", 1, 2));
        log.add("b", decision("b-00001", 2, 3));

        assertThat(log.latest("default", "a", 1).orElseThrow())
                .extracting(Decision::desired)
                .containsExactly(2);
        assertThat(log.latest("default", "a", 10).orElseThrow()).hasSize(2);
    }

    @Test
    void doesNotKnowWhatItWasNotTold() {
        assertThat(log.latest("default", "a", 10)).isEmpty();
    }

    private static Decision decision(String revision, int second, int desired) {
        return decision(revision, second, desired, List.of());
    }

    private static Decision decision(String revision, int second, int desired, List<String> besides) {
        Decision.Inputs inputs = new Decision.Inputs(0, 0, 0, 70, 0, 0, 0, 1_000, null, null, null, null, null, null);
        Instant at = START.plusSeconds(second);
        return new Decision(
                new RevisionId("default", revision),
                at,
                at,
                1,
                desired,
                Cause.DEMAND,
                desired + ": because",
                inputs,
                List.of(),
                0,
                1,
                besides);
    }
}
