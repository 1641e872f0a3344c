package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.HostMemory;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogLimits;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.SandboxRuntime;
import dev.wisp.testkit.MemoryBus;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node with real sandboxes, running the sample {@code hello}. */
@Timeout(120)
class NodeIT {

    private static final Path SOURCE = Path.of("../deploy/samples/src/main/c/hello.c");
    private static final int COLD_STARTS = 10;
    private static final long UID_BASE = LinuxSandboxConfig.UID_BASE_DEFAULT + 0x2000_0000L;

    @TempDir
    private Path folder;

    private final LogStore logs = new LogStore(new LogLimits(1 << 20, 10_000, 64 << 20, 100, 1_000));
    private @Nullable SandboxRuntime sandboxes;
    private @Nullable ProxyFixture opened;

    @BeforeEach
    void open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "sandboxes need root");
        Path layers = Files.createDirectories(folder.resolve("layers"));
        Path layer = Files.createDirectories(layers.resolve("hello"));
        assumeTrue(compiles("musl-gcc", layer) || compiles("gcc", layer), "no C compiler that links statically");
        SandboxRuntime runtime = new LinuxSandboxRuntime(
                new LinuxSandboxConfig(
                        layers, "wisp-node-" + ProcessHandle.current().pid(), UID_BASE, 256, 4, 8),
                InstantSource.system());
        sandboxes = runtime;
        MemoryBus bus = new MemoryBus();
        opened = new ProxyFixture(
                folder,
                agent(bus, runtime, layer),
                runtime::branchUsage,
                logs,
                bus,
                null,
                hello(),
                ProxyFixture.Front.OBJECTS);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        if (sandboxes != null) {
            sandboxes.close();
        }
    }

    @Test
    void answersWarmAndColdAndMetersBoth() throws Exception {
        ProxyFixture fixture = fixture();
        assertThat(fixture.get("/").statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> fixture.agent.instances().all().isEmpty());

        for (int i = 0; i < COLD_STARTS; i++) {
            assertThat(call("/").statusCode()).isEqualTo(200);
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> fixture.agent.instances().all().isEmpty());
        }

        assertThat(fixture.records(COLD_STARTS + 1)).allMatch(record -> record.outcome() == Outcome.SUCCESS);
    }

    @Test
    void metersTheProcessorTimeThatWasBurnt() throws Exception {
        ProxyFixture fixture = fixture();
        HttpResponse<String> response = call("/burn?ms=50");

        InvocationRecord record = fixture.onlyRecord();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(record.cpuMicros()).isBetween(45_000L, 80_000L);
        assertThat(record.billedMillis()).isGreaterThanOrEqualTo(50);
    }

    /** What is recorded of instances, and of making sandboxes, against the kernel's counter of them all. */
    @Test
    void everySecondOfItsInstancesIsRecordedAndEveryMicrosecondOfTheirProcessors() throws Exception {
        ProxyFixture fixture = fixture();
        fixture.timekeeper.runOnce();
        int before = fixture.cpus.size();
        for (int i = 0; i < 3; i++) {
            call("/burn?ms=1000");
            call("/");
            fixture.timekeeper.runOnce();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> fixture.agent.instances().all().isEmpty());
        }

        fixture.timekeeper.runOnce();

        await().until(() -> fixture.cpus.size() >= before + 4);
        List<NodeCpu> cpus = fixture.cpus;
        long counted = cpus.stream().mapToLong(NodeCpu::countedMicros).sum();
        long prepared = cpus.stream().mapToLong(NodeCpu::preparedMicros).sum();
        long recorded =
                fixture.times.stream().mapToLong(InstanceTime::cpuMicros).sum();
        assertThat(recorded).isGreaterThan(3_000_000);
        assertThat((double) recorded + prepared).isCloseTo((double) counted, withinPercentage(0.5));
        long calls =
                fixture.times.stream().mapToLong(InstanceTime::callCpuMicros).sum();
        assertThat(calls)
                .isEqualTo(fixture.records(6).stream()
                        .mapToLong(InvocationRecord::cpuMicros)
                        .sum());
        assertThat(fixture.times)
                .allSatisfy(time -> assertThat(
                                time.startMicros() + time.busyMicros() + time.idleMicros() + time.frozenMicros())
                        .isPositive());
        assertThat(fixture.times.stream().mapToLong(InstanceTime::busyMicros).sum())
                .isBetween(3_000_000L, 6_000_000L);
    }

    @Test
    void passesALargeBodyThroughTheSandbox() throws Exception {
        ProxyFixture fixture = fixture();
        fixture.instanceId = "";
        call("/");
        String body = "z".repeat(1_000_000);

        HttpResponse<String> response = fixture.client()
                .send(
                        fixture.request("/echo")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo(body);
        assertThat(fixture.records(2).getLast().bytesIn()).isEqualTo(1_000_000);
        assertThat(fixture.records(2).getLast().bytesOut()).isEqualTo(1_000_000);
    }

    @Test
    void tellsARunOutOfMemoryFromAnExit() throws Exception {
        ProxyFixture fixture = fixture();
        HttpResponse<String> memory = call("/alloc?mib=200");
        HttpResponse<String> exit = call("/exit?code=3");

        assertThat(memory.statusCode()).isEqualTo(502);
        assertThat(memory.body()).contains("E1301", "64 MiB");
        assertThat(exit.body()).contains("E1302", "exited with code 3");
        assertThat(fixture.records(2))
                .extracting(InvocationRecord::outcome)
                .containsExactly(Outcome.OUT_OF_MEMORY, Outcome.ERROR);
    }

    @Test
    void keepsWhatTheWorkloadPrintedAfterItIsGone() throws Exception {
        ProxyFixture fixture = fixture();
        call("/");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> fixture.agent.instances().all().isEmpty());

        assertThat(logs.tail(FakeNode.HELLO, 100)).anyMatch(line -> line.contains(fixture.instanceId));
    }

    private ProxyFixture fixture() {
        return Objects.requireNonNull(opened);
    }

    /** Starts an instance and asks it; again with another if it was gone already, as a gateway does. */
    private HttpResponse<String> call(String path) throws Exception {
        ProxyFixture fixture = fixture();
        HttpResponse<String> response;
        do {
            fixture.instanceId = start().instanceId();
            response = fixture.get(path);
        } while (response.statusCode() == 409);
        return response;
    }

    private StartOutcome.Started start() throws Exception {
        StartOutcome outcome = fixture().agent.instances().start(FakeNode.HELLO).get(10, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(StartOutcome.Started.class);
        return (StartOutcome.Started) outcome;
    }

    private NodeAgent agent(MemoryBus bus, SandboxRuntime runtime, Path layer) {
        return new NodeAgent(new NodeAgent.Parts(
                new InstanceSettings(
                        FakeNode.NODE_ID,
                        folder.resolve("state"),
                        2L << 30,
                        100,
                        4_000,
                        16,
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        4,
                        0),
                "",
                NodeTraits.NONE,
                bus,
                runtime,
                new OneLayer(layer),
                logs,
                HostMemory::read,
                InstantSource.system(),
                System::nanoTime,
                new Random(1)));
    }

    private static RevisionSpec hello() {
        return FakeNode.hello(0, 200, 0)
                .with()
                .process(new ProcessSpec(List.of("/hello"), Map.of(), "/", "", 15))
                .limits(new Limits(2_000, 64 << 20, 64, 1 << 20))
                .timeoutMillis(10_000)
                .build();
    }

    private static boolean compiles(String compiler, Path layer) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(
                            compiler,
                            "-static",
                            "-O2",
                            "-pthread",
                            "-o",
                            layer.resolve("hello").toString(),
                            SOURCE.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** An image of one folder; pulling is tested where it is done. */
    private record OneLayer(Path layer) implements ImageStore {

        @Override
        public UnpackedImage prepare(ImageRef image) {
            return new UnpackedImage(image.digest(), List.of(layer), 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
