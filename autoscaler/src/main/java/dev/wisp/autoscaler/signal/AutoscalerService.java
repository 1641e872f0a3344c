package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.autoscaler.placement.PlacementSettings;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.service.Services;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Starts and stops the autoscaler with the process. */
@ApplicationScoped
public class AutoscalerService {

    private final Bus bus;
    private final DecisionLog log;
    private final NodeBook nodes;
    private final SignalConfig config;
    private final MeterRegistry metrics;
    private final boolean runs;
    private @Nullable ScalingDriver driver;

    AutoscalerService(
            Bus bus,
            DecisionLog log,
            NodeBook nodes,
            SignalConfig config,
            MeterRegistry metrics,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.bus = bus;
        this.log = log;
        this.nodes = nodes;
        this.config = config;
        this.metrics = metrics;
        this.runs = Services.parse(services).runs(Services.Service.AUTOSCALER);
    }

    void start(@Observes StartupEvent event) {
        if (!runs) {
            return;
        }
        ScalingLoop loop = new ScalingLoop(
                bus,
                log,
                nodes,
                new ScalingLoop.Settings(
                        config.replica().orElse(""),
                        new PlacementSettings(config.burstDefault(), config.headroomPercent()),
                        config.idlePrice()));
        Gauge.builder("wisp.autoscaler.desired.instances", log, DecisionLog::desired)
                .description("Instances that should be up now, over all services")
                .register(metrics);
        ScalingDriver started = new ScalingDriver(
                loop,
                SteadyClock.system(),
                System::nanoTime,
                new ScalingDriver.Ticks(config.tick(), config.idleTick()),
                metrics);
        started.start();
        driver = started;
    }

    void stop(@Observes ShutdownEvent event) {
        if (driver != null) {
            driver.close();
        }
    }

    /** What the loop writes and the API reads. */
    @ApplicationScoped
    static class BookProducer {

        @Produces
        @Singleton
        NodeBook nodeBook() {
            return new NodeBook();
        }

        @Produces
        @Singleton
        DecisionLog decisionLog(SignalConfig config) {
            return new DecisionLog(config.decisionsKept());
        }
    }
}
