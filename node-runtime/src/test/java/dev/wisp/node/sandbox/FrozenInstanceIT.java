package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.node.fake.FakeImageStore;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogLimits;
import dev.wisp.node.log.LogStore;
import dev.wisp.testkit.MemoryBus;
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

    private NodeAgent node(SandboxFixture fixture, long freezeAfterMillis) {
        InstanceSettings settings = new InstanceSettings(
                NODE, state, 1L << 30, 100, 4_000, 16, 2, Duration.ofSeconds(1), Duration.ofSeconds(1), 4);
        SandboxSpec spec = fixture.spec("serve");
        NodeAgent node = new NodeAgent(new NodeAgent.Parts(
                settings,
                "",
                NodeTraits.NONE,
                bus,
                fixture.runtime(),
                new FakeImageStore(spec.layers()),
                new LogStore(new LogLimits(1 << 20, 10_000, 64 << 20, 100, 1_000)),
                InstantSource.system(),
                System::nanoTime,
                new Random(1)));
        node.start();
        bus.publish(Topics.REVISIONS, REVISION.toString(), revision(spec.process(), freezeAfterMillis));
        bus.publish(
                Topics.PLANS,
                REVISION.toString(),
                new RevisionPlan(REVISION, 1, 1, List.of(new NodeShare(NODE, 1, 0)), "a test says so", Instant.EPOCH));
        return node;
    }

    private static RevisionSpec revision(ProcessSpec process, long freezeAfterMillis) {
        ScalingSpec scaling = ScalingSpec.DEFAULT.withFreezeAfterMillis(freezeAfterMillis);
        return new RevisionSpec(
                REVISION,
                "default",
                "probe",
                "uid-1",
                new ImageRef("probe:1", "registry.test/probe", "sha256:" + "0".repeat(64), true),
                process,
                SandboxFixture.PORT,
                RevisionSpec.Protocol.HTTP1,
                SandboxFixture.limits(64),
                0,
                2_000,
                10_000,
                scaling,
                Instant.EPOCH);
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
