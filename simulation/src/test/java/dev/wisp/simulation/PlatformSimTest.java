package dev.wisp.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand platforms, each with other misfortunes; what must never happen is looked for after every event. */
class PlatformSimTest {

    private static final int SEEDS = Integer.getInteger("wisp.simulation.seeds", 1_000);
    private static final long FIRST_SEED = Long.getLong("wisp.simulation.first-seed", 1);

    @Test
    void aThousandSeedsBreakNothing() {
        Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
        List<String> broken = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
                .parallel()
                .mapToObj(seed -> broken(seed, outcomes))
                .flatMap(List::stream)
                .toList();

        assertThat(broken).as("outcomes %s", outcomes).isEmpty();
        assertThat(outcomes).containsKeys("status 200", "gateway died");
        assertThat(outcomes.get("ended for others")).as("outcomes %s", outcomes).isPositive();
    }

    /** A replica that was cut off heard of no node, took all for lost, and gave their grants away when it was heard again. */
    @ParameterizedTest
    @ValueSource(longs = {355, 521, 796, 906, 930})
    void silenceOfAllLosesNoNode(long seed) {
        assertThat(Simulation.run(seed, new HashMap<>())).isEmpty();
    }

    /** A node that came back had no grant any more, but gateways kept its instances busy, which are ended only when idle. */
    @Test
    void busyInstancesAreGivenBackWithTheGrant() {
        assertThat(Simulation.run(63, new HashMap<>())).isEmpty();
    }

    /** A plan whose publishing failed was forgotten, and its grants were placed anew on other nodes. */
    @Test
    void grantsStayWhenAPlanIsNotPublished() {
        assertThat(Simulation.run(357, new HashMap<>())).isEmpty();
    }

    /** What was counted against max-scale here, nobody could know of: a node without any plan yet, and one drained for longer than was wanted. */
    @ParameterizedTest
    @ValueSource(longs = {525, 851})
    void whatNobodyCanKnowOfIsNotCounted(long seed) {
        assertThat(Simulation.run(seed, new HashMap<>())).isEmpty();
    }

    @Test
    void theSameSeedIsTheSameHistory() {
        Map<String, Integer> once = new HashMap<>();
        Map<String, Integer> again = new HashMap<>();
        Simulation.run(7, once);
        Simulation.run(7, again);

        assertThat(again).isEqualTo(once);
    }

    private static List<String> broken(long seed, Map<String, Integer> outcomes) {
        Map<String, Integer> own = new HashMap<>();
        List<String> violations = Simulation.run(seed, own);
        own.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
        return violations.isEmpty()
                ? List.of()
                : List.of("seed %d: %s".formatted(seed, violations.subList(0, Math.min(3, violations.size()))));
    }
}
