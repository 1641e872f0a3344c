package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.autoscaler.explain.Decision;
import dev.wisp.autoscaler.placement.PlacementSettings;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScaleSchedule;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ScalingLoopTest extends ScalingLoopFixture {

    @Test
    void aPlanExistsBeforeTheFirstRequest() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");

        assertThat(run()).isEqualTo(1);
        RevisionPlan plan = plan("a");
        assertThat(plan.desired()).isZero();
        assertThat(plan.shares()).containsExactly(new NodeShare("n1", 0, 32));
        assertThat(plan.reason()).isEqualTo("0: no call yet");
    }

    @Test
    void aPlanIsPublishedOnlyWhenItChanged() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();

        for (int i = 0; i < 20; i++) {
            clock.advance(TICK);
            heartbeat("n1");
            assertThat(run()).isZero();
        }
    }

    @Test
    void scalesUpAtOnceAndToZeroAfterTheKeepAlive() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();

        demand("a", 210);
        run();
        assertThat(plan("a").desired()).isEqualTo(3);
        assertThat(plan("a").reason()).startsWith("3: 210 in flight over 6 s / target 70, panic until");

        demand("a", 0);
        clock.advance(Duration.ofMillis(999));
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isPositive();

        clock.advance(Duration.ofMillis(1));
        run();
        assertThat(plan("a").desired()).isZero();
        assertThat(plan("a").reason()).isEqualTo("0: idle 1.0 s >= keep-alive 1 s");
        assertThat(loop.isActive()).isFalse();
    }

    @Test
    void whatWasBeforeAnIdleTimeDoesNotCount() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        demand("a", 700);
        run();
        demand("a", 0);
        clock.advance(Duration.ofSeconds(1));
        run();

        clock.advance(TICK);
        demand("a", 1);
        run();

        assertThat(plan("a").desired()).isEqualTo(1);
    }

    @Test
    void withAKeepAliveOfZeroOnlyGatewaysStartInstances() {
        deploy("a", Revisions.scaling(0, 0, 0));
        heartbeat("n1");
        run();

        demand("a", 500);

        assertThat(run()).isZero();
        assertThat(plan("a").desired()).isZero();
    }

    @Test
    void schedulesRaiseTheLeastNumberWithoutAnyCallAndLetItFallAgain() {
        Instant start = clock.instant().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(2));
        String from = "0 %d * * *".formatted(start.atOffset(ZoneOffset.UTC).getHour());
        String to = "5 %d * * *".formatted(start.atOffset(ZoneOffset.UTC).getHour());
        deploy("a", Revisions.scheduled(new ScaleSchedule(3, from, to, "UTC")));
        route("a");
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isZero();
        assertThat(loop.isActive()).isTrue();

        clock.advance(Duration.between(clock.instant(), start));
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isEqualTo(3);
        assertThat(plan("a").reason()).startsWith("3: schedule '%s' to '%s' UTC until ".formatted(from, to));

        clock.advance(Duration.ofMinutes(5));
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isZero();
    }

    @Test
    void minScaleIsHeldOnceARouteLeadsThere() {
        deploy("a", Revisions.scaling(2, 5, 1_000));
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isZero();

        route("a");
        run();

        assertThat(plan("a").shares()).containsExactly(new NodeShare("n1", 2, 3));
    }

    @Test
    void anInitialScaleIsHeldUntilItIsReached() {
        run();
        deploy("a", initial(3));
        route("a");
        heartbeat("n1");
        run();
        assertThat(plan("a").desired()).isEqualTo(3);

        ready("a", "n1", 3);
        run();

        assertThat(plan("a").desired()).isZero();
    }

    @Test
    void aRestartDoesNotStartInitialScaleAgainAndGoesOnCountingEpochs() {
        run();
        deploy("a", initial(3));
        route("a");
        heartbeat("n1");
        run();
        long epoch = plan("a").epoch();
        loop.close();

        clock.advance(Duration.ofSeconds(-5));
        loop = started();
        heartbeat("n1");
        run();

        assertThat(plan("a").desired()).isZero();
        assertThat(plan("a").epoch()).isGreaterThan(epoch);
    }

    @Test
    void aRestartSaysAPlanThatIsStillRightOnceUnderItsOwnTerm() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();
        RevisionPlan before = plan("a");
        loop.close();

        loop = started();

        assertThat(run()).isEqualTo(1);
        assertThat(plan("a").shares()).isEqualTo(before.shares());
        assertThat(EpochPolicy.term(plan("a").epoch())).isGreaterThan(EpochPolicy.term(before.epoch()));
        assertThat(run()).isZero();
    }

    @Test
    void aDeletedRevisionLosesItsPlan() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();

        bus.publish(Topics.REVISIONS, id("a").toString(), null);
        run();

        assertThat(bus.last(Topics.PLANS, id("a").toString())).isNull();
        assertThat(log.latest("default", "a", 10)).isEmpty();
    }

    @Test
    void aRevisionDeletedWhileTheLoopWasAwayLosesItsPlan() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();
        loop.close();
        bus.publish(Topics.REVISIONS, id("a").toString(), null);

        loop = started();
        run();

        assertThat(bus.last(Topics.PLANS, id("a").toString())).isNull();
    }

    /** Grants that move because a message was lost would be held by two nodes. */
    @Test
    void grantsStayWhereTheyWereWhenAPlanWasNotPublished() {
        deploy("a", Revisions.scaling(0, 2, 1_000));
        heartbeat("n1");
        heartbeat("n2");
        run();
        List<String> before = plan("a").shares().stream().map(NodeShare::nodeId).toList();
        for (int i = 3; i < 20; i++) {
            heartbeat("n" + i);
        }
        run();

        bus.cut();
        demand("a", 1);
        run();
        clock.advance(TICK);
        run();
        bus.restore();
        clock.advance(TICK);
        demand("a", 2);
        run();

        assertThat(plan("a").shares()).extracting(NodeShare::nodeId).containsExactlyElementsOf(before);
    }

    @Test
    void aPlanThatWasNotPublishedIsPublishedAgain() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();
        demand("a", 210);

        bus.cut();
        run();
        bus.restore();
        clock.advance(TICK);
        run();

        assertThat(plan("a").desired()).isEqualTo(3);
    }

    @Test
    void revisionsDoNotPlanTheSameRoomTwice() {
        memoryFree = 3 * Revisions.MEMORY_BYTES;
        deploy("a", Revisions.scaling(2, 0, 1_000));
        deploy("b", Revisions.scaling(2, 0, 1_000));
        route("a");
        route("b");
        heartbeat("n1");

        run();

        assertThat(count("a") + count("b")).isEqualTo(3);
    }

    /** Two of 800 millicores fit a node of 2,000, whoever asks for them; who requests nothing shares what there is. */
    @Test
    void revisionsDoNotPlanTheSameProcessorTimeTwice() {
        heartbeat("n1");
        bus.publish(Topics.REVISIONS, id("a").toString(), requesting("a", 800));
        bus.publish(Topics.REVISIONS, id("b").toString(), requesting("b", 800));
        bus.publish(Topics.REVISIONS, id("c").toString(), requesting("c", 0));
        route("a");
        route("b");
        route("c");

        run();

        assertThat(List.of(count("a") + count("b"), count("c"))).containsExactly(2, 2);
        assertThat(plan("a").reason() + plan("b").reason())
                .contains("of 1 nodes: 400 of 2000 millicores free, 800 requested (1)");
    }

    /** Held at two instances. */
    private static RevisionSpec requesting(String service, int millicores) {
        return Revisions.requesting(service, Revisions.scaling(2, 0, 1_000), millicores);
    }

    @Test
    void onlyDemandThatEndsAnIdleTimeIsUrgent() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();

        Instant now = clock.instant();
        assertThat(loop.take(new Signal.DemandSeen(report("a", 1, now)), now)).isTrue();
        assertThat(loop.take(new Signal.DemandSeen(report("a", 2, now.plusMillis(1))), now.plusMillis(1)))
                .isFalse();
    }

    @Test
    void explainsTheLastDecisions() {
        deploy("a", ScalingSpec.DEFAULT);
        heartbeat("n1");
        run();
        demand("a", 210);
        run();
        clock.advance(TICK);
        run();

        List<Decision> decisions = log.latest("default", "a", 10).orElseThrow();
        assertThat(decisions).extracting(Decision::cause).containsExactly(Cause.PANIC, Cause.NEVER_CALLED);
        assertThat(decisions.getFirst().confirmations()).isEqualTo(2);
        assertThat(decisions.getFirst().inputs().requests()).isEqualTo(210);
        assertThat(decisions.getFirst().inputs().panicWanted()).isEqualTo(3);
        assertThat(decisions.getFirst().inputs().excessBurstCapacity()).isEqualTo(-421);
    }

    /** A timer of five minutes: nothing is held in between, and an instance is there when the next call comes. */
    @Test
    void anEconomicKeepAliveStartsAheadOfATimer() {
        loop.close();
        loop = new ScalingLoop(bus, log, nodes, new ScalingLoop.Settings("", PlacementSettings.DEFAULT, 0.0001));
        loop.subscribe();
        deploy("a", Revisions.keeping(ScalingSpec.KeepAlive.ECONOMIC, 1_000, 0));
        route("a");
        heartbeat("n1");
        run();
        for (int i = 0; i < 10; i++) {
            call("a");
            idle(Duration.ofMinutes(5));
        }
        Instant lastCall = clock.instant();
        call("a");

        idle(Duration.ofSeconds(100));
        assertThat(plan("a").desired()).isZero();
        assertThat(loop.isActive()).isTrue();

        idle(Duration.between(clock.instant(), lastCall.plusSeconds(299)));
        assertThat(plan("a").desired()).isEqualTo(1);
        assertThat(plan("a").reason()).startsWith("1: idle ").contains("calls/s expected, worth it above", "0.125 GB");
        assertThat(log.latest("default", "a", 1).orElseThrow())
                .extracting(Decision::cause)
                .containsExactly(Cause.HELD);
    }

    /** What was learnt of a timer before a restart is known after it, and so is when the last call was. */
    @Test
    void anEconomicKeepAliveRemembersThroughARestart() {
        ScalingLoop.Settings settings = new ScalingLoop.Settings("", PlacementSettings.DEFAULT, 0.0001);
        loop.close();
        loop = new ScalingLoop(bus, log, nodes, settings);
        loop.subscribe();
        deploy("a", Revisions.keeping(ScalingSpec.KeepAlive.ECONOMIC, 1_000, 0));
        route("a");
        heartbeat("n1");
        run();
        for (int i = 0; i < 10; i++) {
            call("a");
            idle(Duration.ofMinutes(5));
        }
        Instant lastCall = clock.instant();
        call("a");
        idle(Duration.ofSeconds(200));

        loop.close();
        loop = new ScalingLoop(bus, log, nodes, settings);
        loop.subscribe();
        idle(Duration.ofSeconds(10));
        assertThat(plan("a").desired()).isZero();

        idle(Duration.between(clock.instant(), lastCall.plusSeconds(299)));
        assertThat(plan("a").desired()).isEqualTo(1);
        assertThat(plan("a").reason()).startsWith("1: idle ").contains("calls/s expected, worth it above");
    }

    @Test
    void whatWasLearntIsForgottenWithTheRevision() {
        deploy("a", Revisions.keeping(ScalingSpec.KeepAlive.ECONOMIC, 1_000, 0));
        heartbeat("n1");
        run();
        call("a");
        idle(Duration.ofSeconds(31));
        assertThat(bus.last(Topics.HISTORIES, id("a").toString())).isNotNull();

        bus.publish(Topics.REVISIONS, id("a").toString(), null);
        run();

        assertThat(bus.last(Topics.HISTORIES, id("a").toString())).isNull();
    }

    @Test
    void aStartThatTakesLongerIsWorthHoldingLonger() {
        ScalingSpec economic = Revisions.keeping(ScalingSpec.KeepAlive.ECONOMIC, 0, 0);
        Holding quick = Objects.requireNonNull(Holding.of(Revisions.revision("a", economic), 100, 0.001));
        Holding slow = Objects.requireNonNull(Holding.of(Revisions.revision("a", economic), 100, 0.001));
        quick.started(Duration.ofMillis(1));
        slow.started(Duration.ofMillis(500));
        for (Holding holding : List.of(quick, slow)) {
            holding.see(1, 1, clock.instant());
            holding.see(0, 1, clock.instant());
        }
        Instant later = clock.instant().plusSeconds(60);

        assertThat(quick.held(later).instances()).isZero();
        assertThat(slow.held(later).instances()).isEqualTo(1);
    }

    private void call(String service) {
        demand(service, 1);
        run();
        clock.advance(Duration.ofMillis(10));
        demand(service, 0);
        run();
    }

    private void idle(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(Duration.ofSeconds(1));
            heartbeat("n1");
            run();
        }
    }
}
