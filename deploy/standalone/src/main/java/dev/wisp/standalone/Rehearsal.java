package dev.wisp.standalone;

import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.RevisionSpecBuilder;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.GatewayServer;
import dev.wisp.gateway.proxy.ServerSettings;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.HostMemory;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogLimits;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.metering.LocalNode;
import dev.wisp.node.metering.MeteringConfig;
import dev.wisp.node.metering.MeteringProxy;
import dev.wisp.node.metering.NodePrices;
import dev.wisp.node.report.Journal;
import dev.wisp.node.report.JournalSettings;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Real calls before the first caller's: through a gateway and a node of its own, over the platform's sandbox runtime, to a program that
 * answers and nothing else. A process that has just started takes ten times as long for its first calls, because classes are linked and
 * methods run for the first time; who deployed a service should not pay for that. Bus, journal, metrics and state are the rehearsal's and
 * go with it, so there is no record, no bill, no event and no series of it.
 */
final class Rehearsal {

    private static final String HOST = "rehearsal.invalid";
    private static final RevisionId REVISION = new RevisionId("wisp-rehearsal", "probe");
    private static final long MEMORY_BYTES = 64L << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int JOURNAL_FILE_BYTES = 256 << 10;
    /** Nobody takes records out of this journal: 2,000 calls fit. */
    private static final int JOURNAL_FILES = 4;
    /** These come as fast as they can, for somebody may call next; the others take their time, for the rest of the platform starts too. */
    private static final int AT_ONCE = 20;
    /** Until the last call's instance is gone, so that the next call starts one again. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Duration LONG_PAUSE = Duration.ofMillis(40);
    /** Before the others begin, so that the rest of the start has the processors. */
    private static final Duration REST = Duration.ofSeconds(5);
    /** Calls in all before a 404 is believed: a gateway that has just started learns its routes on a loop of its own. */
    private static final int MISSES_MAX = 200;

    private final Vertx vertx;
    private final SandboxRuntime sandboxes;
    private final MeteringConfig metering;
    private final Path images;
    private final Path folder;

    /**
     * @param images the folder below which the sandbox runtime finds layers
     * @param folder for journal and state; the caller empties it
     */
    Rehearsal(Vertx vertx, SandboxRuntime sandboxes, MeteringConfig metering, Path images, Path folder) {
        this.vertx = vertx;
        this.sandboxes = sandboxes;
        this.metering = metering;
        this.images = images;
        this.folder = folder;
    }

    /** Makes that many calls, 2,000 at most, and returns what each took, in microseconds; blocks. */
    List<Long> run(int calls) throws IOException, InterruptedException {
        Path layer = images.resolve("rehearsal");
        RehearsalBus bus = new RehearsalBus(revision(RehearsalProgram.writeTo(layer)), route());
        LogStore logs = new LogStore(new LogLimits(64 << 10, 100, 64 << 10, 1, 1));
        MeterRegistry metrics = new SimpleMeterRegistry();
        LocalNode node = new LocalNode(vertx, Optional.of("rehearsal"));
        try (Journal journal = Journal.open(
                        new JournalSettings(folder.resolve("journal"), JOURNAL_FILE_BYTES, JOURNAL_FILES));
                NodeAgent agent = new NodeAgent(parts(bus, layer, logs));
                NodePrices prices = new NodePrices(bus);
                MeteringProxy proxy = new MeteringProxy(
                        new MeteringProxy.Parts(
                                node.nodeId(),
                                agent.instances(),
                                journal,
                                prices,
                                logs,
                                metrics,
                                null,
                                null,
                                InstantSource.system(),
                                System::nanoTime),
                        metering)) {
            agent.instances()
                    .onBegin(instance -> instance.gone().thenRun(() -> sandboxes.usedByPlatform(instance.cpuMicros())));
            agent.start();
            node.open(agent.instances(), proxy);
            return call(bus, node, metrics, calls);
        } finally {
            metrics.close();
        }
    }

    private List<Long> call(RehearsalBus bus, NodePort node, MeterRegistry metrics, int calls)
            throws IOException, InterruptedException {
        GatewayServer gateway = new GatewayServer(vertx, bus, setup(node), new GatewayMetrics(metrics, 0));
        try {
            URI address = URI.create("http://127.0.0.1:" + await(gateway.start()));
            try (HostSocket socket = HostSocket.open(address, HOST)) {
                return call(socket, calls);
            }
        } finally {
            await(gateway.stop());
        }
    }

    private static List<Long> call(HostSocket socket, int calls) throws IOException, InterruptedException {
        List<Long> micros = new ArrayList<>();
        for (int tried = 0; micros.size() < calls; tried++) {
            long began = System.nanoTime();
            int status = socket.getKept("/");
            if (status == 200) {
                micros.add((System.nanoTime() - began) / 1_000);
            } else if (status != 404 || tried > MISSES_MAX) {
                throw new IOException("rehearsal was answered with status " + status);
            }
            Thread.sleep(pause(tried));
        }
        return micros;
    }

    private static Duration pause(int tried) {
        if (tried == AT_ONCE) {
            return REST;
        }
        return tried < AT_ONCE ? PAUSE : LONG_PAUSE;
    }

    private NodeAgent.Parts parts(RehearsalBus bus, Path layer, LogStore logs) {
        return new NodeAgent.Parts(
                new InstanceSettings(
                        "rehearsal",
                        folder.resolve("state"),
                        8 * MEMORY_BYTES,
                        8,
                        0,
                        4,
                        1,
                        Duration.ZERO,
                        Duration.ZERO,
                        4,
                        0),
                "",
                NodeTraits.NONE,
                bus,
                sandboxes,
                new OneImage(layer),
                logs,
                HostMemory::read,
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault());
    }

    private GatewayServer.Setup setup(NodePort node) {
        Duration timeout = TIMEOUT;
        return new GatewayServer.Setup(
                "rehearsal",
                folder.resolve("gateway"),
                new ServerSettings("127.0.0.1", 0, 1, 1 << 10, 4 << 10, 16, 4, timeout, timeout, Duration.ZERO),
                new HoldLimits(4, 4, 1 << 20, timeout.toMillis(), 100, timeout.toMillis()),
                List.of(node));
    }

    private static RevisionSpec revision(String program) {
        return RevisionSpecBuilder.builder()
                .id(REVISION)
                .account("wisp-rehearsal")
                .service("probe")
                .serviceUid("rehearsal")
                .image(new ImageRef("rehearsal", "rehearsal", "rehearsal", false))
                .process(new ProcessSpec(List.of(program), Map.of(), "/", "", 15))
                .port(RehearsalProgram.PORT)
                .protocol(RevisionSpec.Protocol.HTTP1)
                .limits(new Limits(1_000, MEMORY_BYTES, 16, 1 << 20))
                .containerConcurrency(0)
                .timeoutMillis(TIMEOUT.toMillis())
                .startTimeoutMillis(TIMEOUT.toMillis())
                .scaling(ScalingSpec.DEFAULT
                        .with()
                        .maxScale(4)
                        .keepAliveMillis(0)
                        .build())
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static Route route() {
        return new Route(HOST, REVISION.namespace(), "probe", 1, List.of(new Route.Target(REVISION, 100, null)));
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("rehearsal", e);
        }
    }

    /** There is nothing to pull. */
    private record OneImage(Path layer) implements ImageStore {

        @Override
        public UnpackedImage prepare(ImageRef image) {
            return new UnpackedImage(image.digest(), List.of(layer), 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
