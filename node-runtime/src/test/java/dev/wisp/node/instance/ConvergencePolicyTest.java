package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.node.instance.ConvergencePolicy.Action.DrainInstance;
import dev.wisp.node.instance.ConvergencePolicy.Action.FreezeInstance;
import dev.wisp.node.instance.ConvergencePolicy.Action.StartInstances;
import dev.wisp.node.instance.ConvergencePolicy.Action.StopInstance;
import dev.wisp.node.instance.ConvergencePolicy.Convergence;
import dev.wisp.node.instance.ConvergencePolicy.Observed;
import dev.wisp.node.instance.ConvergencePolicy.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConvergencePolicyTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 100 * SECOND;
    private static final int MANY = 1_000;

    @Test
    void stopsTheLongestIdleBeyondThePlanFirst() {
        List<Observed> live = List.of(idle("young", 2), idle("old", 5), idle("middle", 3));

        Convergence convergence = converge(1, live);

        assertThat(convergence.actions())
                .containsExactly(
                        new StopInstance("old", new Ending(Ending.Cause.IDLE, "idle 5.0 s, plan holds 1 here")),
                        new StopInstance("middle", new Ending(Ending.Cause.IDLE, "idle 3.0 s, plan holds 1 here")));
        assertThat(convergence.lookAgainAtNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keepsAnIdleOneUntilExactlyItsKeepAlive() {
        Observed idle = new Observed("a", true, 0, true, NOW - SECOND + 1, false);

        Convergence before = converge(0, List.of(idle));
        Convergence at = ConvergencePolicy.converge(wanted(0), List.of(idle), NOW + 1);

        assertThat(before).isEqualTo(new Convergence(List.of(), NOW + 1));
        assertThat(at.actions()).hasSize(1);
    }

    @Test
    void stopsAtOnceWithoutKeepAlive() {
        Wanted wanted = new Wanted(0, MANY, patience(0, 0, 0), NOW, null);

        Convergence convergence =
                ConvergencePolicy.converge(wanted, List.of(new Observed("a", true, 0, true, NOW, false)), NOW);

        assertThat(convergence.actions()).hasSize(1);
    }

    @Test
    void keepsOneThatHasNotServedYetForItsFirstRequest() {
        Wanted wanted = new Wanted(0, MANY, patience(0, 0, 0), NOW, null);
        List<Observed> live = List.of(new Observed("fresh", true, 0, false, NOW - SECOND + 7, false));

        assertThat(ConvergencePolicy.converge(wanted, live, NOW)).isEqualTo(new Convergence(List.of(), NOW + 7));
    }

    @Test
    void whatIsBeyondTheGrantEndsEvenUnderLoadIdleOnesFirst() {
        List<Observed> live = List.of(
                new Observed("busy", true, 3, true, 0, false),
                new Observed("starting", false, 0, false, 0, false),
                new Observed("calm", true, 1, true, 0, false),
                new Observed("idle", true, 0, true, NOW, false));
        Ending ending = new Ending(Ending.Cause.IDLE, "4 live, the plan grants 2 here");

        Convergence convergence =
                ConvergencePolicy.converge(new Wanted(0, 2, patience(3_600, 0, 0), NOW, null), live, NOW);

        assertThat(convergence)
                .isEqualTo(new Convergence(
                        List.of(new StopInstance("idle", ending), new DrainInstance("calm", ending)), Long.MAX_VALUE));
    }

    @Test
    void leavesBusyAndStartingOnesAlone() {
        List<Observed> live = List.of(
                new Observed("busy", true, 1, true, 0, false), new Observed("starting", false, 0, false, 0, false));

        assertThat(converge(0, live)).isEqualTo(new Convergence(List.of(), Long.MAX_VALUE));
    }

    @Test
    void startsWhatThePlanHolds() {
        assertThat(converge(3, List.of(idle("a", 9))).actions()).containsExactly(new StartInstances(2));
    }

    @Test
    void waitsWithStartingAfterCrashes() {
        Wanted wanted = new Wanted(1, MANY, patience(1, 0, 0), NOW + 5, null);

        assertThat(ConvergencePolicy.converge(wanted, List.of(), NOW)).isEqualTo(new Convergence(List.of(), NOW + 5));
    }

    @Test
    void letsBusyOnesOfARetiredRevisionFinish() {
        Ending ending = new Ending(Ending.Cause.RETIRED, "revision was deleted");
        Wanted wanted = new Wanted(5, MANY, patience(1, 0, 0), NOW, ending);
        List<Observed> live = List.of(idle("idle", 0), new Observed("busy", true, 2, true, 0, false));

        assertThat(ConvergencePolicy.converge(wanted, live, NOW).actions())
                .containsExactly(new StopInstance("idle", ending), new DrainInstance("busy", ending));
    }

    @Test
    void neverStopsBelowThePlanNorWhatIsBusy() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int count = random.nextInt(6);
            List<Observed> live = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                live.add(new Observed(
                        "i" + i,
                        random.nextInt(5) > 0,
                        random.nextInt(2),
                        true,
                        NOW - random.nextLong(3 * SECOND),
                        false));
            }

            List<String> stopped = converge(count, live).actions().stream()
                    .filter(StopInstance.class::isInstance)
                    .map(action -> ((StopInstance) action).id())
                    .toList();

            assertThat(stopped.size()).as("seed %d", seed).isLessThanOrEqualTo(Math.max(0, live.size() - count));
            assertThat(live.stream().filter(one -> stopped.contains(one.id())))
                    .as("seed %d", seed)
                    .allMatch(one -> one.isIdle() && NOW - one.idleSinceNanos() >= SECOND);
        }
    }

    @Test
    void freezesWhatThePlanHoldsOnceItHasBeenIdleForLongEnough() {
        List<Observed> live = List.of(
                idle("two", 2),
                idle("five", 5),
                new Observed("frozen", true, 0, true, 0, true),
                new Observed("busy", true, 1, true, 0, false),
                new Observed("starting", false, 0, false, 0, false));

        Convergence convergence = ConvergencePolicy.converge(freezing(5, 3), live, NOW);

        assertThat(convergence)
                .isEqualTo(new Convergence(List.of(new FreezeInstance("five", NOW - 5 * SECOND)), NOW + SECOND));
    }

    @Test
    void stopsBeforeItFreezesAndLooksAgainForWhateverComesFirst() {
        List<Observed> live = List.of(idle("young", 2), idle("old", 5));
        Wanted wanted = new Wanted(0, MANY, patience(4, 3, 0), NOW, null);

        Convergence convergence = ConvergencePolicy.converge(wanted, live, NOW);

        assertThat(convergence.actions().getFirst()).isInstanceOf(StopInstance.class);
        assertThat(convergence.lookAgainAtNanos()).isEqualTo(NOW + SECOND);
    }

    @Test
    void startsAndFreezesInOneStep() {
        assertThat(ConvergencePolicy.converge(freezing(3, 1), List.of(idle("a", 9)), NOW)
                        .actions())
                .containsExactly(new StartInstances(2), new FreezeInstance("a", NOW - 9 * SECOND));
    }

    @Test
    void looksAfterAnIdleOneWhenTheFirstOfItsTimesIsOver() {
        assertThat(new Patience(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ZERO).nanos(true))
                .isEqualTo(SECOND / 2);
        assertThat(patience(1, 9, 0).nanos(true)).isEqualTo(SECOND);
        assertThat(patience(1, 0, 0).nanos(true)).isEqualTo(SECOND);
        assertThat(patience(1, 9, 60).nanos(true)).isEqualTo(SECOND);
    }

    @Test
    void keepsFrozenWhatItWouldStopUntilThatIsOverToo() {
        Wanted wanted = new Wanted(0, MANY, patience(2, 3, 60), NOW, null);
        List<Observed> live = List.of(
                idle("young", 1),
                idle("past its keep-alive", 2),
                new Observed("kept", true, 0, true, NOW - 50 * SECOND, true),
                new Observed("kept for too long", true, 0, true, NOW - 62 * SECOND, true));

        Convergence convergence = ConvergencePolicy.converge(wanted, live, NOW);

        assertThat(convergence)
                .isEqualTo(new Convergence(
                        List.of(
                                new StopInstance(
                                        "kept for too long",
                                        new Ending(
                                                Ending.Cause.IDLE,
                                                "idle 62.0 s, plan holds 0 here, was kept frozen for 60 s")),
                                new FreezeInstance("past its keep-alive", NOW - 2 * SECOND)),
                        NOW + SECOND));
    }

    @Test
    void whatIsNeverFrozenIsNotKeptFrozen() {
        ScalingSpec scaling = ScalingSpec.DEFAULT.withFreezeAfterMillis(0).withKeepFrozenMillis(60_000);

        assertThat(Patience.of(scaling)).isEqualTo(patience(1, 0, 0));
    }

    private static Patience patience(int keepAliveSeconds, int freezeAfterSeconds, int keepFrozenSeconds) {
        return new Patience(
                Duration.ofSeconds(keepAliveSeconds),
                Duration.ofSeconds(freezeAfterSeconds),
                Duration.ofSeconds(keepFrozenSeconds));
    }

    private static Wanted freezing(int count, int afterSeconds) {
        return new Wanted(count, MANY, patience(3_600, afterSeconds, 0), NOW, null);
    }

    private static Convergence converge(int count, List<Observed> live) {
        return ConvergencePolicy.converge(wanted(count), live, NOW);
    }

    private static Wanted wanted(int count) {
        return new Wanted(count, MANY, patience(1, 0, 0), NOW, null);
    }

    private static Observed idle(String id, int seconds) {
        return new Observed(id, true, 0, true, NOW - seconds * SECOND, false);
    }
}
