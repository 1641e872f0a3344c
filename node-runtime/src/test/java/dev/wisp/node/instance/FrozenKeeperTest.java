package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.fake.IdleSandbox;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import dev.wisp.node.instance.InstanceInput.Listening;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.RevisionInstances.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is full of ten frozen instances, whose ends take until a test says so. */
class FrozenKeeperTest {

    private static final long MIB = 1 << 20;
    private static final int INSTANCES = 10;
    private static final long KEEP_ALIVE_MILLIS = 1_000;
    private static final RevisionSpec SPEC = FakeNode.hello(0, KEEP_ALIVE_MILLIS, 0);
    private static final Limits EACH = SPEC.limits();

    private final CapacityLedger capacity = new CapacityLedger(INSTANCES * EACH.memoryBytes(), 100, 0);
    private final RevisionInstances revision = new RevisionInstances(SPEC, capacity, 0, 0);
    private final List<RevisionInstances> revisions = List.of(revision);
    private HostMemory host = new HostMemory(10_000 * MIB, 5_000 * MIB, 0);
    private long nowNanos;
    private int reads;
    private final FrozenKeeper keeper = new FrozenKeeper(capacity, 10, () -> host, () -> nowNanos);

    @BeforeEach
    void fill() {
        revision.unpacked(new UnpackedImage("sha256:0", List.of(), 0, 0, 0));
        revision.serve();
        revision.plan(1, new NodeShare(FakeNode.NODE_ID, 0, INSTANCES));
        for (int i = 0; i < INSTANCES; i++) {
            String id = "i" + i;
            Claim claim = revision.claim(
                    Purpose.GATEWAY, () -> new Instance(id, SPEC, Instant.EPOCH, () -> nowNanos, this::moved));
            Instance instance = ((Claim.Claimed) claim).instance();
            instance.attach(new Still(id));
            instance.handle(new Listening(0));
            instance.freeze(0);
            assertThat(instance.isFrozen()).isTrue();
        }
    }

    private void moved(Instance instance, InstanceState from, InstanceState to) {
        if (to instanceof Draining) {
            capacity.leaves(instance);
        }
    }

    @Test
    void oneEndIsEnoughForAStartThatAsksAgainWhileItLasts() {
        for (int i = 0; i < 5; i++) {
            assertThat(keeper.makeRoom(EACH, revisions)).isTrue();
            keeper.waitsNoMore(EACH);
        }

        assertThat(capacity.leaving()).hasSize(1);
    }

    @Test
    void twoStartsDoNotCountOnTheSameEnd() {
        assertThat(keeper.makeRoom(EACH, revisions)).isTrue();
        assertThat(keeper.makeRoom(EACH, revisions)).isTrue();

        assertThat(capacity.leaving()).hasSize(2);
    }

    @Test
    void whatDoesNotEndIsNotCountedOn() {
        assertThat(keeper.makeRoom(EACH, revisions)).isTrue();
        keeper.waitsNoMore(EACH);
        capacity.isStuck(capacity.leaving().getFirst());

        assertThat(keeper.makeRoom(EACH, revisions)).isTrue();

        assertThat(ended()).isEqualTo(2);
    }

    @Test
    void allOfThemAreRoomAndNoMore() {
        Limits all = new Limits(1_000, INSTANCES * EACH.memoryBytes(), 64, 1 << 20);
        Limits more = new Limits(1_000, all.memoryBytes() + 1, 64, 1 << 20);

        assertThat(keeper.makeRoom(more, revisions)).isFalse();
        assertThat(ended()).isZero();
        assertThat(keeper.makeRoom(all, revisions)).isTrue();
        assertThat(ended()).isEqualTo(INSTANCES);
        assertThat(keeper.makeRoom(EACH, revisions)).as("all is somebody's").isFalse();
    }

    @Test
    void asManyLeaveTheNodeItsHeadroomAsAreNeeded() {
        keeper.runOnce(revisions);
        assertThat(ended()).as("within their keep-alive").isZero();
        pastKeepAlive();

        keeper.runOnce(revisions);
        keeper.runOnce(revisions);

        assertThat(ended()).isEqualTo(1);
    }

    @Test
    void whatIsOnItsWayOutIsTheMachinesMemoryToo() {
        host = new HostMemory(10_000 * MIB, 400 * MIB, 0);

        keeper.runOnce(revisions);
        keeper.runOnce(revisions);

        assertThat(ended()).as("each has 60 MiB, and 500 are to be left").isEqualTo(2);
    }

    @Test
    void oneAtATimeEndsWhileProcessesWaitForMemory() {
        host = new HostMemory(10_000 * MIB, 5_000 * MIB, 50);

        keeper.runOnce(revisions);
        keeper.runOnce(revisions);
        assertThat(ended()).isEqualTo(1);

        capacity.giveBack(capacity.leaving().getFirst());
        keeper.runOnce(revisions);
        assertThat(ended()).isEqualTo(2);
    }

    @Test
    void nothingIsReadOfTheFrozenUnlessTheMachineLacksMemory() {
        pastKeepAlive();
        assertThat(keeper.makeRoom(EACH, revisions)).isTrue();
        keeper.runOnce(revisions);
        assertThat(ended()).isEqualTo(2);
        assertThat(reads).isZero();

        host = new HostMemory(10_000 * MIB, 0, 0);
        keeper.runOnce(revisions);
        assertThat(reads).isEqualTo(INSTANCES);
    }

    private void pastKeepAlive() {
        nowNanos = 2 * Duration.ofMillis(KEEP_ALIVE_MILLIS).toNanos();
    }

    private int ended() {
        return INSTANCES - revision.frozenBeyondPlan().size();
    }

    /** It has 60 MiB, and nothing else is to be asked of it. */
    private final class Still extends IdleSandbox {

        Still(String id) {
            super(id);
        }

        @Override
        public long memoryBytes() {
            reads++;
            return 60 * MIB;
        }
    }
}
