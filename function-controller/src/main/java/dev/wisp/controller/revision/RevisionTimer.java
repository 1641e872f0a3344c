package dev.wisp.controller.revision;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.PassDriver;
import dev.wisp.controller.store.ServiceStore;
import dev.wisp.controller.store.StoredRevision;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends what time ends: revisions that no node made ready in time, and those whose grace time after losing traffic is over. */
@Singleton
final class RevisionTimer {

    private static final Logger LOG = Logger.getLogger(RevisionTimer.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final ServiceStore store;
    private final ServingConfig config;
    private final Vertx vertx;
    private final InstantSource clock = InstantSource.system();
    private final boolean active;
    private @Nullable PassDriver driver;

    RevisionTimer(
            ServiceStore store,
            ServingConfig config,
            Vertx vertx,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.store = store;
        this.config = config;
        this.vertx = vertx;
        this.active = Services.parse(services).runs(Service.FUNCTION_CONTROLLER);
    }

    void start(@Observes StartupEvent event) {
        if (active) {
            driver = new PassDriver(vertx, "looking for revisions whose time is up", PERIOD, this::runOnce);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (driver != null) {
            driver.close();
        }
    }

    /** One look; never asks for another at once. */
    Uni<Boolean> runOnce() {
        Instant now = clock.instant();
        return store.due(now, now.minus(config.progressDeadline()))
                .chain(due -> Multi.createFrom()
                        .iterable(due)
                        .onItem()
                        .transformToUniAndConcatenate(revision -> end(revision, now))
                        .collect()
                        .last()
                        .replaceWith(false));
    }

    private Uni<Void> end(StoredRevision revision, Instant now) {
        return store.change(
                        revision.id().namespace(),
                        revision.spec().service(),
                        snapshot -> ProgressPlanner.elapsed(snapshot, config.progressDeadline(), config.rollout(), now))
                .onFailure(failure -> !ServiceStore.isOutage(failure))
                .recoverWithItem(failure -> {
                    LOG.warnf(failure, "cannot end what time ends revision=%s", revision.id());
                    return null;
                });
    }
}
