package dev.wisp.node.api;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.service.Services;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.instance.HostMemory;
import dev.wisp.node.instance.InstanceConfig;
import dev.wisp.node.instance.InstanceSettings;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.instance.NodeTraits;
import dev.wisp.node.log.LogConfig;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.metering.InstanceTimekeeper;
import dev.wisp.node.metering.LocalNode;
import dev.wisp.node.metering.MeteringConfig;
import dev.wisp.node.metering.MeteringProxy;
import dev.wisp.node.metering.NodePrices;
import dev.wisp.node.report.Journal;
import dev.wisp.node.report.JournalSettings;
import dev.wisp.node.report.ReportConfig;
import dev.wisp.node.report.Shipper;
import dev.wisp.node.sandbox.SandboxRuntime;
import dev.wisp.node.trace.Tracing;
import dev.wisp.node.trace.TracingConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The node in this process: puts its parts together when the process starts, if it runs a node at all, and takes them apart again. */
@Singleton
public final class NodeService {

    private final Config config;
    private final LocalNode localNode;
    private final LogStore logs;
    private final Bus bus;
    private final Vertx vertx;
    private final MeterRegistry metrics;
    private final Instance<SandboxRuntime> sandboxes;
    private final Instance<ImageStore> images;
    private volatile @Nullable Running running;

    private record Running(
            NodeAgent agent,
            Journal journal,
            Shipper shipper,
            NodePrices prices,
            MeteringProxy proxy,
            InstanceTimekeeper times,
            LeakWatch leaks,
            @Nullable Tracing tracing,
            @Nullable NodeListener listener) {}

    /** Everything that is configured. */
    @Singleton
    static final class Config {

        final Services services;
        final Path home;
        final Optional<String> listen;
        final InstanceConfig instance;
        final MeteringConfig metering;
        final ReportConfig report;
        final TracingConfig tracing;

        Config(
                @ConfigProperty(name = Services.KEY, defaultValue = "all") String services,
                @ConfigProperty(name = "wisp.home", defaultValue = "/var/lib/wisp") String home,
                @ConfigProperty(name = "wisp.node.listen") Optional<String> listen,
                InstanceConfig instance,
                MeteringConfig metering,
                ReportConfig report,
                TracingConfig tracing) {
            this.services = Services.parse(services);
            this.home = Path.of(home);
            this.listen = listen;
            this.instance = instance;
            this.metering = metering;
            this.report = report;
            this.tracing = tracing;
        }
    }

    NodeService(
            Config config,
            LocalNode localNode,
            LogStore logs,
            Bus bus,
            Vertx vertx,
            MeterRegistry metrics,
            Instance<SandboxRuntime> sandboxes,
            Instance<ImageStore> images) {
        this.config = config;
        this.localNode = localNode;
        this.logs = logs;
        this.bus = bus;
        this.vertx = vertx;
        this.metrics = metrics;
        this.sandboxes = sandboxes;
        this.images = images;
    }

    /** The instances of this process's node, null when it runs none. */
    @Nullable
    NodeInstances instances() {
        Running now = running;
        return now == null ? null : now.agent().instances();
    }

    /** False while records of this process's node do not reach its disk, and it takes no calls. */
    public boolean recordsReachDisk() {
        Running now = running;
        return now == null || now.journal().reachesDisk();
    }

    String nodeId() {
        return localNode.nodeId();
    }

    void onStart(@Observes StartupEvent event) {
        if (!config.services.runs(Services.Service.NODE_RUNTIME)) {
            return;
        }
        String unsupported = MeteringProxy.unsupported();
        if (unsupported != null || !vertx.isNativeTransportEnabled()) {
            Log.errorf(
                    "the node cannot reach its sandboxes: %s",
                    unsupported == null ? "quarkus.vertx.prefer-native-transport is off" : unsupported);
            return;
        }
        try {
            start();
        } catch (RuntimeException e) {
            Log.errorf(e, "the node cannot run here, everything else goes on");
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        Running now = running;
        running = null;
        localNode.close();
        if (now == null) {
            return;
        }
        if (now.listener() != null) {
            now.listener().close();
        }
        now.leaks().close();
        now.agent().close();
        now.proxy().close();
        now.prices().close();
        now.times().close();
        now.shipper().close();
        now.journal().close();
        if (now.tracing() != null) {
            now.tracing().close();
        }
    }

    private void start() {
        Path home = config.home.resolve("node");
        RandomGenerator random = new SecureRandom();
        Journal journal = Journal.open(JournalSettings.of(config.report, home.resolve("journal")));
        Shipper shipper = new Shipper(journal, bus, config.report.inFlightMax(), random);
        NodeAgent agent = new NodeAgent(new NodeAgent.Parts(
                InstanceSettings.of(config.instance, localNode.nodeId(), home.resolve("state")),
                config.listen.orElse(""),
                NodeTraits.of(config.instance, localNode.nodeId()),
                bus,
                sandboxes.get(),
                images.get(),
                logs,
                HostMemory::read,
                SteadyClock.system(),
                System::nanoTime,
                random));
        NodePrices prices = new NodePrices(bus);
        InstanceTimekeeper times = new InstanceTimekeeper(
                localNode.nodeId(),
                journal,
                sandboxes.get()::branchUsage,
                SteadyClock.system(),
                System::nanoTime,
                random,
                config.metering.timePeriod());
        times.follow(agent.instances());
        Tracing tracing = Tracing.of(config.tracing, localNode.nodeId());
        MeteringProxy proxy = new MeteringProxy(
                new MeteringProxy.Parts(
                        localNode.nodeId(),
                        agent.instances(),
                        journal,
                        prices,
                        logs,
                        metrics,
                        times,
                        tracing,
                        SteadyClock.system(),
                        System::nanoTime),
                config.metering);
        NodeMeters.register(metrics, agent.instances(), sandboxes.get(), journal, shipper);
        shipper.start();
        agent.start();
        times.start();
        localNode.open(agent.instances(), proxy);
        NodeListener listener = config.listen
                .map(address -> NodeListener.open(vertx, localNode, address))
                .orElse(null);
        LeakWatch leaks = new LeakWatch(sandboxes.get(), images.get(), metrics).start();
        running = new Running(agent, journal, shipper, prices, proxy, times, leaks, tracing, listener);
        Log.infof("node started nodeId=%s", localNode.nodeId());
    }

    /** Output is kept whether or not a node runs here, so that its resource can be built. */
    @Singleton
    static final class LogStoreProducer {

        @jakarta.enterprise.inject.Produces
        @Singleton
        LogStore logStore(LogConfig config) {
            return new LogStore(config.limits());
        }
    }
}
