package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.instance.FrozenPolicy.Candidate;
import dev.wisp.node.instance.FrozenPolicy.Resident;
import dev.wisp.node.instance.FrozenPolicy.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenPolicyTest {

    private static final long MIB = 1 << 20;
    private static final Room ALL = new Room(1_000 * MIB, 100, 4_000);

    @Test
    void theLeastWorthMakesRoomAndNoMoreThanIsNeeded() {
        List<Candidate> frozen =
                List.of(kept("slow to start", 100, 60, 900), kept("long ago", 100, 600, 9), kept("b", 100, 60, 9));

        List<Stop> stops = FrozenPolicy.forStart(new Room(50 * MIB, 9, 0), limits(150, 0), frozen);

        assertThat(stops)
                .containsExactly(new Stop(
                        kept("long ago", 100, 600, 9),
                        "a start needs 150 MiB and 0 millicores, 50 MiB, 0 millicores and 9 sandboxes were free: idle and"
                                + " frozen for 600.0 s, its start took 9.0 ms"));
    }

    @Test
    void whatHoldsMoreIsWorthLess() {
        List<Candidate> frozen = List.of(kept("small", 100, 60, 9), kept("large", 400, 60, 9));

        assertThat(ids(FrozenPolicy.forStart(new Room(0, 9, 0), limits(100, 0), frozen)))
                .containsExactly("large");
    }

    @Test
    void noneEndsForAStartThatWouldNotFitAllTheSame() {
        List<Candidate> frozen = List.of(kept("a", 100, 60, 9), kept("b", 100, 60, 9));

        assertThat(FrozenPolicy.forStart(new Room(0, 9, 0), limits(201, 0), frozen))
                .isEmpty();
    }

    @Test
    void onlyWhatRequestsProcessorsEndsForProcessors() {
        Candidate without = kept("without", 100, 600, 9);
        Candidate with = new Candidate("with", limits(100, 500), Duration.ofSeconds(1), Duration.ofMillis(900), true);

        assertThat(ids(FrozenPolicy.forStart(new Room(900 * MIB, 9, 100), limits(100, 400), List.of(without, with))))
                .containsExactly("with");
    }

    @Test
    void aSandboxIsRoomToo() {
        assertThat(ids(FrozenPolicy.forStart(
                        new Room(900 * MIB, 0, 4_000), limits(100, 0), List.of(kept("a", 100, 60, 9)))))
                .containsExactly("a");
    }

    @Test
    void thosePastTheirKeepAliveLeaveTheNodeItsHeadroom() {
        List<Candidate> frozen = List.of(
                within("within", 100, 600, 9),
                kept("new", 100, 60, 9),
                kept("old", 100, 600, 9),
                kept("older", 100, 900, 9));

        List<Stop> stops = FrozenPolicy.forHeadroom(new Room(0, 50, 0), ALL, 20, frozen);

        assertThat(ids(stops)).containsExactly("older", "old");
        assertThat(stops.getFirst().reason())
                .startsWith("0 of 1000 MiB and 50 of 100 sandboxes were free, 20 % are left for starts: ");
    }

    @Test
    void sandboxesHaveHeadroomToo() {
        assertThat(ids(FrozenPolicy.forHeadroom(
                        new Room(900 * MIB, 9, 0), ALL, 10, List.of(kept("a", 1, 60, 9), kept("b", 1, 70, 9)))))
                .containsExactly("b");
    }

    @Test
    void nothingEndsWhereThereIsEnough() {
        List<Candidate> frozen = List.of(kept("a", 100, 60, 9), within("b", 100, 1, 9));

        assertThat(FrozenPolicy.forHeadroom(new Room(100 * MIB, 10, 0), ALL, 10, frozen))
                .isEmpty();
    }

    @Test
    void theMachinesMemoryCountsByWhatIsReallyThere() {
        List<Resident> frozen = List.of(
                resident("small", 1, true),
                resident("large", 90, true),
                resident("larger", 100, true),
                resident("c", 60, false));

        List<Stop> little = FrozenPolicy.forMachine(available(110), 10, frozen);
        List<Stop> least = FrozenPolicy.forMachine(available(1), 10, frozen);

        assertThat(ids(little))
                .as("200 are wanted by those past their keep-alive")
                .containsExactly("larger");
        assertThat(little.getFirst().reason())
                .isEqualTo(
                        "110 MiB of the machine's memory were available where 200 are wanted, processes waited 0 % of"
                                + " the time for it: idle and frozen for 60.0 s, its start took 9.0 ms, 100 MiB resident");
        assertThat(ids(least)).as("100 by the others").containsExactly("larger", "large", "small");
        assertThat(ids(FrozenPolicy.forMachine(available(1), 10, List.of(resident("c", 60, false)))))
                .containsExactly("c");
    }

    /** However little is to be left: who sets that to nothing does not want the machine to stand still. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void oneAtATimeEndsWhileProcessesWaitForMemory(int headroomPercent) {
        List<Resident> frozen = List.of(resident("a", 60, false), resident("b", 70, false));
        HostMemory host = new HostMemory(2_000 * MIB, 1_000 * MIB, FrozenPolicy.STALLED_PERCENT_MAX + 1);

        assertThat(FrozenPolicy.lacksMemory(host, headroomPercent)).isTrue();
        assertThat(ids(FrozenPolicy.forMachine(host, headroomPercent, frozen))).containsExactly("b");
        assertThat(FrozenPolicy.lacksMemory(host.with(1), headroomPercent))
                .as("while one is on its way out")
                .isFalse();
    }

    @Test
    void roomIsMadeWheneverAllTogetherWouldBeEnoughAndOnlyThen() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Room free = new Room(random.nextInt(300) * MIB, random.nextInt(3), random.nextInt(500));
            Limits asked = limits(1 + random.nextInt(500), random.nextInt(2) * random.nextInt(800));
            List<Candidate> frozen = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                frozen.add(new Candidate(
                        "i" + i,
                        limits(1 + random.nextInt(200), random.nextInt(2) * random.nextInt(400)),
                        Duration.ofSeconds(random.nextInt(100)),
                        Duration.ofMillis(random.nextInt(100)),
                        random.nextBoolean()));
            }
            Room all = free;
            for (Candidate candidate : frozen) {
                all = all.and(candidate.limits());
            }

            List<String> stops = ids(FrozenPolicy.forStart(free, asked, frozen));

            Room then = free;
            for (Candidate candidate : frozen) {
                then = stops.contains(candidate.id()) ? then.and(candidate.limits()) : then;
            }
            assertThat(then.holds(asked)).as("seed %d", seed).isEqualTo(all.holds(asked));
            assertThat(stops.isEmpty() || !free.holds(asked))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    private static List<String> ids(List<Stop> stops) {
        return stops.stream().map(stop -> stop.candidate().id()).toList();
    }

    private static Candidate kept(String id, int mib, int idleSeconds, int startMillis) {
        return new Candidate(id, limits(mib, 0), Duration.ofSeconds(idleSeconds), Duration.ofMillis(startMillis), true);
    }

    private static Candidate within(String id, int mib, int idleSeconds, int startMillis) {
        return new Candidate(
                id, limits(mib, 0), Duration.ofSeconds(idleSeconds), Duration.ofMillis(startMillis), false);
    }

    private static Resident resident(String id, int mib, boolean isPastKeepAlive) {
        Candidate candidate =
                new Candidate(id, limits(100, 0), Duration.ofSeconds(60), Duration.ofMillis(9), isPastKeepAlive);
        return new Resident(candidate, mib * MIB);
    }

    private static HostMemory available(int mib) {
        return new HostMemory(2_000 * MIB, mib * MIB, 0);
    }

    private static Limits limits(int mib, int cpuRequestMillicores) {
        return new Limits(1_000, mib * MIB, 64, 1 << 20, cpuRequestMillicores);
    }
}
