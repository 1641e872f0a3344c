package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.revision.ImageSource;
import dev.wisp.controller.revision.PinnedImage;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.ControllerMeters;
import dev.wisp.controller.store.ControllerMeters.Change;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.ServiceStore;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Creates, changes and deletes services: reads, has {@link ServicePlanner} decide, writes. The image is resolved before anything is
 * stored and outside every transaction, because a registry may take seconds; the store is asked first, so that its absence shows at
 * once.
 */
@Singleton
final class ServiceDeployment {

    private final ServiceStore store;
    private final ImageSource images;
    private final ServingConfig config;
    private final ControllerMeters meters;
    private final InstantSource clock = InstantSource.system();

    ServiceDeployment(ServiceStore store, ImageSource images, ServingConfig config, ControllerMeters meters) {
        this.store = store;
        this.images = images;
        this.config = config;
        this.meters = meters;
    }

    Uni<ServiceSnapshot> create(DesiredService desired) {
        return meters.deployment(Change.CREATE, () -> created(desired));
    }

    Uni<ServiceSnapshot> update(DesiredService desired) {
        return meters.deployment(Change.UPDATE, () -> updated(desired));
    }

    /** Gives the service as it was. */
    Uni<ServiceSnapshot> delete(String namespace, String name, DeleteOptionsReader.Preconditions preconditions) {
        return meters.deployment(Change.DELETE, () -> deleted(namespace, name, preconditions));
    }

    private Uni<ServiceSnapshot> created(DesiredService desired) {
        return store.checkAbsent(desired.namespace(), desired.name())
                .chain(() -> pin(desired))
                .chain(image -> store.create(ServicePlanner.create(desired, image, context())))
                .chain(() -> store.find(desired.namespace(), desired.name()));
    }

    private Uni<ServiceSnapshot> updated(DesiredService desired) {
        return store.find(desired.namespace(), desired.name())
                .chain(seen -> imageIfNeeded(seen, desired))
                .chain(image -> store.change(
                        desired.namespace(),
                        desired.name(),
                        snapshot -> ServicePlanner.update(snapshot, desired, image.orElse(null), context())))
                .chain(() -> store.find(desired.namespace(), desired.name()));
    }

    private Uni<ServiceSnapshot> deleted(
            String namespace, String name, DeleteOptionsReader.Preconditions preconditions) {
        return store.find(namespace, name)
                .chain(seen -> store.delete(namespace, name, snapshot -> {
                            ServicePlanner.checkSeen(snapshot, preconditions.uid(), preconditions.resourceVersion());
                            return ServicePlanner.delete(snapshot);
                        })
                        .replaceWith(seen));
    }

    private Uni<Optional<PinnedImage>> imageIfNeeded(ServiceSnapshot seen, DesiredService desired) {
        try {
            ServicePlanner.checkSeen(seen, desired.uid(), desired.resourceVersion());
        } catch (ProblemException e) {
            return Uni.createFrom().failure(e);
        }
        return ServicePlanner.needsImage(seen, desired)
                ? pin(desired).map(Optional::of)
                : Uni.createFrom().item(Optional.empty());
    }

    private Uni<PinnedImage> pin(DesiredService desired) {
        return Uni.createFrom()
                .item(() -> images.pin(desired.workload().image()))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Times are kept as Postgres keeps them, in microseconds. */
    private ServicePlanner.Context context() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new ServicePlanner.Context(config.rollout(), now, UUID.randomUUID(), UUID.randomUUID());
    }
}
