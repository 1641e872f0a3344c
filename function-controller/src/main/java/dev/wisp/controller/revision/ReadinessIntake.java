package dev.wisp.controller.revision;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.PassDriver;
import dev.wisp.controller.store.ServiceStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what nodes report about revisions into the store. Only the newest report of a node counts, so reports wait in a map by key
 * (revision and node, which bounds it) and survive a database that is away; at start the compacted topic replays them.
 */
@Singleton
final class ReadinessIntake {

    private static final Logger LOG = Logger.getLogger(ReadinessIntake.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Bus bus;
    private final ServiceStore store;
    private final ServingConfig config;
    private final InstantSource clock = InstantSource.system();
    private final Vertx vertx;
    private final boolean active;
    private final Map<String, RevisionReadiness> waiting = new ConcurrentHashMap<>();
    private Bus.@Nullable Subscription subscription;
    private @Nullable PassDriver driver;

    ReadinessIntake(
            Bus bus,
            ServiceStore store,
            ServingConfig config,
            Vertx vertx,
            MeterRegistry metrics,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.bus = bus;
        this.store = store;
        this.config = config;
        this.vertx = vertx;
        this.active = Services.parse(services).runs(Service.FUNCTION_CONTROLLER);
        Gauge.builder("wisp.controller.reports.waiting", waiting, Map::size)
                .description("Reports of nodes about revisions that are not in the store yet")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        if (active) {
            PassDriver started = new PassDriver(vertx, "taking in readiness", RETRY, this::runOnce);
            driver = started;
            subscription = bus.subscribe(Topics.READINESS, (key, report) -> {
                if (report == null) {
                    waiting.remove(key);
                } else {
                    waiting.put(key, report);
                    started.poke();
                }
            });
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (subscription != null) {
            subscription.close();
        }
        if (driver != null) {
            driver.close();
        }
    }

    /** Takes in everything that waits. While the database is away it waits on; a report that fails otherwise is logged and left. */
    Uni<Boolean> runOnce() {
        List<Map.Entry<String, RevisionReadiness>> batch = List.copyOf(waiting.entrySet());
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(
                        entry -> take(entry.getValue()).invoke(() -> waiting.remove(entry.getKey(), entry.getValue())))
                .collect()
                .last()
                .replaceWith(() -> !batch.isEmpty() && !waiting.isEmpty());
    }

    private Uni<Void> take(RevisionReadiness report) {
        return write(report)
                .onFailure(failure -> !ServiceStore.isOutage(failure))
                .recoverWithItem(failure -> {
                    LOG.warnf(
                            failure,
                            "cannot take in readiness revision=%s nodeId=%s",
                            report.revision(),
                            report.nodeId());
                    return null;
                });
    }

    private Uni<Void> write(RevisionReadiness report) {
        return store.serviceOf(report.revision())
                .chain(service -> service.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : store.change(
                                report.revision().namespace(),
                                service.get(),
                                snapshot ->
                                        ProgressPlanner.reported(snapshot, report, config.rollout(), clock.instant())));
    }
}
