package dev.wisp.node.fake;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.node.instance.HostMemory;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogLimits;
import dev.wisp.node.log.LogStore;
import dev.wisp.testkit.MemoryBus;
import dev.wisp.testkit.RevisionSpecs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A node over fakes: everything above the sandbox is real. */
public final class FakeNode implements AutoCloseable {

    public static final String NODE_ID = "node-1";
    public static final RevisionId HELLO = new RevisionId("default", "hello-00001");
    public static final String SERVICE_UID = "0190aaaa-0000-7000-8000-00000000000f";

    public final MemoryBus bus;
    public final FakeSandboxRuntime sandboxes;
    public final FakeImageStore images = new FakeImageStore();
    public final LogStore logs = new LogStore(new LogLimits(1 << 20, 10_000, 64 << 20, 100, 1_000));
    public final NodeAgent agent;

    /** What instances may request together. */
    public static final int CPU_MILLICORES = 4_000;

    public FakeNode(Path folder, FakeContainer container, MemoryBus bus) {
        this.bus = bus;
        this.sandboxes = new FakeSandboxRuntime(container);
        InstanceSettings settings = new InstanceSettings(
                NODE_ID,
                folder,
                1L << 30,
                100,
                CPU_MILLICORES,
                16,
                2,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                4,
                10);
        this.agent = new NodeAgent(new NodeAgent.Parts(
                settings,
                "",
                NodeTraits.NONE,
                bus,
                sandboxes,
                images,
                logs,
                HostMemory::read,
                InstantSource.system(),
                System::nanoTime,
                new Random(1)));
    }

    public FakeNode started() {
        agent.start();
        return this;
    }

    public void deploy(RevisionSpec spec) {
        bus.publish(Topics.REVISIONS, spec.id().toString(), spec);
    }

    public void plan(long epoch, int count, int burst) {
        bus.publish(
                Topics.PLANS,
                HELLO.toString(),
                new RevisionPlan(
                        HELLO,
                        epoch,
                        count,
                        List.of(new NodeShare(NODE_ID, count, burst)),
                        "a test says so",
                        Instant.EPOCH));
    }

    public @Nullable RevisionReadiness readiness() {
        return bus.last(Topics.READINESS, HELLO + "@" + NODE_ID);
    }

    public boolean isReady() {
        RevisionReadiness last = readiness();
        return last != null && last.state() == RevisionReadiness.State.READY;
    }

    /** A revision of {@code hello} with these settings. */
    public static RevisionSpec hello(int containerConcurrency, long keepAliveMillis, int maxScale) {
        ScalingSpec scaling = ScalingSpec.DEFAULT
                .with()
                .maxScale(maxScale)
                .keepAliveMillis(keepAliveMillis)
                .build();
        return RevisionSpecs.of(HELLO, "hello")
                .serviceUid(SERVICE_UID)
                .limits(new Limits(1_000, 128 << 20, 64, 1 << 20))
                .containerConcurrency(containerConcurrency)
                .timeoutMillis(2_000)
                .startTimeoutMillis(5_000)
                .scaling(scaling)
                .build();
    }

    @Override
    public void close() {
        agent.close();
        sandboxes.close();
    }
}
