package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.node.NodeStatus.Evictable;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.node.fake.FakeImageStore;
import dev.wisp.node.instance.Ending;
import dev.wisp.node.instance.HostMemory;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogLimits;
import dev.wisp.node.log.LogStore;
import dev.wisp.testkit.MemoryBus;
import dev.wisp.testkit.RevisionSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An instance that nobody calls is off the processors, and on them again for the next call. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FrozenInstanceIT {

    private static final String NODE = "node-1";
    private static final RevisionId REVISION = new RevisionId("default", "probe-00001");

    @TempDir
    private Path state;

    private final MemoryBus bus = new MemoryBus();

    @Test
    void idleInstanceIsFrozenUntilItsNextRequest() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("frozen", 0);
                NodeAgent node = node(fixture, 20)) {
            Instance instance = only(node);

            Awaitility.await().until(() -> instance.isFrozen() && isFrozen(fixture));
            assertThat(instance.admit()).isTrue();
            assertThat(instance.isFrozen()).isFalse();
            assertThat(fixture.ask(instance.sandbox(), "cwd")).isEqualTo("/");
            long frozenNanos = instance.frozenNanos();
            assertThat(frozenNanos).isPositive();
            instance.release();

            Awaitility.await().until(() -> instance.isFrozen() && isFrozen(fixture));
            assertThat(instance.frozenNanos()).isGreaterThan(frozenNanos);
        }
    }

    @Test
    void requestsThatComeAsItIsBeingFrozenAreAllAnswered() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("freezing", 0);
                NodeAgent node = node(fixture, 1)) {
            Instance instance = only(node);

            for (int i = 0; i < 300; i++) {
                assertThat(instance.admit()).isTrue();
                assertThat(fixture.ask(instance.sandbox(), "cwd")).isEqualTo("/");
                instance.release();
                // Some of the next come before it is frozen, some while, some after.
                long until = System.nanoTime() + 10_000L * i;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
            assertThat(node.instances().frozen()).isPositive();
        }
    }

    @Test
    void instanceOfARevisionThatWorksInTheBackgroundIsLeftRunning() throws IOException {
        try (SandboxFixture fixture = SandboxFixture.open("awake", 0);
                NodeAgent node = node(fixture, 0)) {
            Instance instance = only(node);
            assertThat(instance.admit()).isTrue();
            instance.release();

            Awaitility.await().during(Duration.ofMillis(300)).until(() -> !instance.isFrozen() && !isFrozen(fixture));
        }
    }

    /** The node has room for one instance. */
    @Test
    void staysFrozenPastItsKeepAliveUntilAnotherNeedsItsMemory() throws IOException {
        ScalingSpec scaling = ScalingSpec.DEFAULT.withFreezeAfterMillis(20).withKeepFrozenMillis(600_000);
        RevisionId other = new RevisionId("default", "other-00001");
        try (SandboxFixture fixture = SandboxFixture.open("kept", 0);
                NodeAgent node = nodeOf(fixture, SandboxFixture.limits(64).memoryBytes())) {
            deploy(fixture, REVISION, scaling, 0);
            Instance first = only(node);
            assertThat(first.admit()).isTrue();
            first.release();
            Awaitility.await().until(() -> first.isFrozen() && isFrozen(fixture));
            Awaitility.await()
                    .during(Duration.ofMillis(scaling.keepAliveMillis() + 300))
                    .until(() -> first.isFrozen() && isFrozen(fixture));
            assertThat(node.instances().evictable())
                    .isEqualTo(new Evictable(first.revision().limits().memoryBytes(), 1, 0));

            deploy(fixture, other, scaling, 0);

            Ending ending = first.gone().join();
            assertThat(ending.cause()).isEqualTo(Ending.Cause.EVICTED);
            assertThat(ending.reason()).startsWith("a start needs 64 MiB and 0 millicores, 0 MiB");
            Instance second = only(node);
            assertThat(second.revision().id()).isEqualTo(other);
            assertThat(second.admit()).isTrue();
            assertThat(node.instances().start(REVISION).join())
                    .as("what works is not displaced")
                    .isInstanceOf(StartOutcome.Refused.class);
            second.release();
            Awaitility.await().until(second::isFrozen);
            assertThat(node.instances().start(REVISION).join()).isInstanceOf(StartOutcome.Started.class);
            assertThat(second.gone().join().cause()).isEqualTo(Ending.Cause.EVICTED);
        }
    }

    private NodeAgent node(SandboxFixture fixture, long freezeAfterMillis) {
        NodeAgent node = nodeOf(fixture, 1L << 30);
        deploy(fixture, REVISION, ScalingSpec.DEFAULT.withFreezeAfterMillis(freezeAfterMillis), 1);
        return node;
    }

    private NodeAgent nodeOf(SandboxFixture fixture, long memoryBytesMax) {
        InstanceSettings settings = new InstanceSettings(
                NODE, state, memoryBytesMax, 100, 4_000, 16, 2, Duration.ofSeconds(1), Duration.ofSeconds(1), 4, 0);
        NodeAgent node = new NodeAgent(new NodeAgent.Parts(
                settings,
                "",
                NodeTraits.NONE,
                bus,
                fixture.runtime(),
                new FakeImageStore(fixture.spec("serve").layers()),
                new LogStore(new LogLimits(1 << 20, 10_000, 64 << 20, 100, 1_000)),
                HostMemory::read,
                InstantSource.system(),
                System::nanoTime,
                new Random(1)));
        node.start();
        return node;
    }

    private void deploy(SandboxFixture fixture, RevisionId id, ScalingSpec scaling, int count) {
        bus.publish(
                Topics.REVISIONS,
                id.toString(),
                revision(id, fixture.spec("serve").process(), scaling));
        bus.publish(
                Topics.PLANS,
                id.toString(),
                new RevisionPlan(id, 1, 1, List.of(new NodeShare(NODE, count, 1)), "a test says so", Instant.EPOCH));
    }

    private static RevisionSpec revision(RevisionId id, ProcessSpec process, ScalingSpec scaling) {
        return RevisionSpecs.of(id, "probe")
                .process(process)
                .port(SandboxFixture.PORT)
                .limits(SandboxFixture.limits(64))
                .timeoutMillis(2_000)
                .scaling(scaling)
                .build();
    }

    private static Instance only(NodeAgent node) {
        Awaitility.await()
                .until(() -> node.instances().all().stream()
                        .anyMatch(one -> one.published() == dev.wisp.contracts.instance.InstanceEvent.State.READY));
        return node.instances().all().iterator().next();
    }

    /** What the kernel says, of either version. */
    private static boolean isFrozen(SandboxFixture fixture) throws IOException {
        Path freezer = Path.of("/sys/fs/cgroup/freezer", fixture.prefix());
        boolean first = Files.isDirectory(freezer);
        try (Stream<Path> groups = Files.list(first ? freezer : fixture.groups())) {
            for (Path group : groups.filter(Files::isDirectory).toList()) {
                String text = Files.readString(group.resolve(first ? "freezer.state" : "cgroup.events"));
                if (first ? text.startsWith("FROZEN") : text.contains("frozen 1")) {
                    return true;
                }
            }
            return false;
        }
    }
}
