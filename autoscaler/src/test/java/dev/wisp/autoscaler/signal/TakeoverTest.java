package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.MemoryBus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two replicas of the autoscaler on one bus, of which the first owns the revisions until it dies or falls silent. */
class TakeoverTest {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final RevisionSpec SPEC = Revisions.revision("a", ScalingSpec.DEFAULT);
    private static final RevisionId ID = SPEC.id();

    private final ManualClock clock = new ManualClock(Revisions.CREATED_AT);
    private final MemoryBus bus = new MemoryBus();
    private final List<RevisionPlan> accepted = new ArrayList<>();
    private final ScalingLoop first = replica();
    private final ScalingLoop second = replica();
    private double load;

    @Test
    void oneReplicaDecidesAndTheOtherWaits() {
        start();

        load(490);

        assertThat(desired()).isEqualTo(7);
        assertThat(second.partitions()).isZero();
        assertThat(second.runOnce(clock.instant())).isZero();
    }

    @Test
    void theOtherGoesOnWithoutAJumpWhenOneDies() {
        start();
        load(490);
        pass(Duration.ofSeconds(100));
        int before = desired();

        first.close();
        accepted.clear();
        second.runOnce(clock.instant());

        assertThat(desired()).isEqualTo(before);
        assertThat(accepted).extracting(RevisionPlan::desired).containsOnly(before);
    }

    @Test
    void aPanicGoesOnWhereItWas() {
        start();
        load(70);
        pass(Duration.ofSeconds(100));
        load(700);
        pass(Duration.ofSeconds(5));
        load(70);
        pass(Duration.ofSeconds(30));
        int held = desired();
        assertThat(held).isGreaterThanOrEqualTo(10);

        first.close();
        pass(Duration.ofSeconds(10));
        assertThat(desired()).isEqualTo(held);
        pass(Duration.ofSeconds(40));

        assertThat(desired()).isEqualTo(1);
    }

    /** A replica that took over at any moment decides as one that was there all the time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOtherDecidesAsTheFirstWouldHave(long seed) {
        List<Integer> undisturbed = history(seed, false);
        List<Integer> takenOver = new TakeoverTest().history(seed, true);

        List<String> differences = new ArrayList<>();
        for (int step = 0; step < undisturbed.size(); step++) {
            if (!undisturbed.get(step).equals(takenOver.get(step))) {
                differences.add("%d: %d -> %d".formatted(step, undisturbed.get(step), takenOver.get(step)));
            }
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
    }

    @Test
    void aLatePlanOfTheFormerOwnerIsRefusedAndSaidAgain() {
        start();
        load(490);
        long former = plan().epoch();
        bus.passOn(ScalingLoop.GROUP);
        second.runOnce(clock.instant());
        RevisionPlan rightful = plan();
        accepted.clear();

        bus.publish(
                Topics.PLANS, ID.toString(), new RevisionPlan(ID, former + 5, 0, List.of(), "late", clock.instant()));
        assertThat(accepted).isEmpty();
        assertThat(plan().desired()).isZero();

        second.runOnce(clock.instant());

        assertThat(plan().shares()).isEqualTo(rightful.shares());

        assertThat(EpochPolicy.term(plan().epoch())).isEqualTo(EpochPolicy.term(rightful.epoch()));
    }

    @Test
    void theFormerOwnerStopsWhenItSeesAPlanOfItsSuccessor() {
        start();
        load(490);
        bus.passOn(ScalingLoop.GROUP);
        second.runOnce(clock.instant());

        first.runOnce(clock.instant());
        clock.advance(Duration.ofMinutes(5));

        assertThat(first.runOnce(clock.instant())).isZero();
        assertThat(first.isActive()).isFalse();
    }

    private List<Integer> history(long seed, boolean takeover) {
        Random random = new Random(seed);
        int dies = 400 + random.nextInt(400);
        start();
        List<Integer> desired = new ArrayList<>();
        for (int step = 0; step < 1_200; step++) {
            if (random.nextInt(60) == 0) {
                load = random.nextInt(4) == 0 ? 0 : random.nextInt(1_500);
            }
            if (takeover && step == dies) {
                first.close();
            }
            pass(TICK);
            desired.add(desired());
        }
        return desired;
    }

    private void start() {
        bus.subscribe(Topics.PLANS, (key, plan) -> accept(plan));
        bus.publish(Topics.REVISIONS, ID.toString(), SPEC);
        heartbeat();
        tickAll();
    }

    private void accept(RevisionPlan plan) {
        long greatest = accepted.stream().mapToLong(RevisionPlan::epoch).max().orElse(greatestBefore);
        if (EpochPolicy.accepts(greatest, plan.epoch())) {
            accepted.add(plan);
            greatestBefore = plan.epoch();
        }
    }

    private long greatestBefore;

    private void load(double requests) {
        load = requests;
        pass(TICK);
    }

    private void pass(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(TICK);
            heartbeat();
            report();
            instances();
            tickAll();
        }
    }

    private void tickAll() {
        first.runOnce(clock.instant());
        second.runOnce(clock.instant());
    }

    private void report() {
        int requests = (int) load;
        bus.publish(
                Topics.DEMAND,
                ID.toString(),
                new DemandReport(ID, "g1", clock.instant(), 250, requests, 0, requests, requests, requests, List.of()));
    }

    /** As many as were asked for. */
    private void instances() {
        for (int i = 0; i < 30; i++) {
            String id = "a-" + i;
            InstanceEvent.State state = i < desired() ? InstanceEvent.State.READY : InstanceEvent.State.GONE;
            bus.publish(
                    Topics.INSTANCES,
                    id,
                    new InstanceEvent(id, ID, "n1", state, 0, 0, "", 0, 0, clock.instant(), clock.instant()));
        }
    }

    private void heartbeat() {
        bus.publish(
                Topics.NODES,
                "n1",
                new NodeStatus("n1", "", 2000, 64L << 30, 64L << 30, 1000, 0, true, Map.of(), clock.instant()));
    }

    private ScalingLoop replica() {
        ScalingLoop loop = new ScalingLoop(bus, new DecisionLog(100), new NodeBook(), ScalingLoop.Settings.DEFAULT);
        loop.subscribe();
        return loop;
    }

    private RevisionPlan plan() {
        RevisionPlan plan = bus.last(Topics.PLANS, ID.toString());
        assertThat(plan).isNotNull();
        return plan;
    }

    private int desired() {
        return plan().desired();
    }
}
