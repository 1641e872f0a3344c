package dev.wisp.gateway;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.service.Services;
import dev.wisp.gateway.explain.TriedCalls;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.GatewayServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the gateway with the process and stops it before the nodes that serve its requests. */
@ApplicationScoped
class GatewayService {

    private static final Logger LOG = Logger.getLogger(GatewayService.class);
    private static final int AFTER_OTHERS = 5_000;
    private static final int BEFORE_OTHERS = 100;
    private static final long START_SECONDS_MAX = 30;

    private final Vertx vertx;
    private final Bus bus;
    private final GatewayConfig config;
    private final Instance<NodePort> nodes;
    private final MeterRegistry registry;
    private final Services services;
    private volatile @Nullable GatewayServer server;

    @Inject
    GatewayService(
            Vertx vertx,
            Bus bus,
            GatewayConfig config,
            @Any Instance<NodePort> nodes,
            MeterRegistry registry,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.vertx = vertx;
        this.bus = bus;
        this.config = config;
        this.nodes = nodes;
        this.registry = registry;
        this.services = Services.parse(services);
    }

    void start(@Observes @Priority(AFTER_OTHERS) StartupEvent event) throws InterruptedException {
        if (!services.runs(Services.Service.GATEWAY)) {
            return;
        }
        GatewayServer starting = new GatewayServer(vertx, bus, setup(), new GatewayMetrics(registry, config.port()));
        try {
            int port =
                    starting.start().toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
            LOG.infof("gateway listens on %s:%d", config.host(), port);
        } catch (ExecutionException e) {
            throw new IllegalStateException(describe(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("gateway did not listen within %d s".formatted(START_SECONDS_MAX), e);
        }
        server = starting;
    }

    void stop(@Observes @Priority(BEFORE_OTHERS) ShutdownEvent event) throws InterruptedException {
        GatewayServer running = server;
        if (running == null) {
            return;
        }
        try {
            running.stop()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(running.stopMillisMax(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("gateway did not stop cleanly: %s", e.toString());
        }
    }

    /** Of this process's gateway; empty when it runs none, or not yet. */
    Optional<TriedCalls> triedCalls() {
        return Optional.ofNullable(server).map(GatewayServer::triedCalls);
    }

    private GatewayServer.Setup setup() {
        // A node bean exists in every process that has the module; it is a node only where that service runs.
        List<NodePort> local =
                services.runs(Services.Service.NODE_RUNTIME) ? nodes.stream().toList() : List.of();
        return new GatewayServer.Setup(
                gatewayId(),
                config.stateDir(),
                config.server(),
                config.limits(),
                local,
                config.asyncSettings(),
                config.sending());
    }

    private String gatewayId() {
        return config.id().orElseGet(() -> hostName() + ":" + config.port());
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "gateway";
        }
    }

    private String describe(@Nullable Throwable cause) {
        if (cause instanceof IOException) {
            return "wisp.gateway.port=%d on %s cannot be listened on (%s): stop what uses it, or set wisp.gateway.port"
                    .formatted(config.port(), config.host(), cause.getMessage());
        }
        return "gateway cannot start: " + (cause == null ? "no reason known" : cause.getMessage());
    }
}
