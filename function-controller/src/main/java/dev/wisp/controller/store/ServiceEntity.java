package dev.wisp.controller.store;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.route.Route;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Row of a {@link StoredService}. */
@Entity(name = "ControllerService")
@Table(schema = "controller", name = "service")
class ServiceEntity {

    @Id
    UUID uid;

    String namespace;
    String name;

    @Column(name = "resource_version")
    long resourceVersion;

    long generation;

    @Column(name = "created_at")
    Instant createdAt;

    String metadata;
    String spec;

    @Column(name = "revision_number")
    long revisionNumber;

    @Column(name = "latest_created")
    String latestCreated;

    @Column(name = "latest_ready")
    @Nullable
    String latestReady;

    @Nullable
    String pinned;

    String host;
    String route;

    @Column(name = "routed_at")
    Instant routedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ServiceEntity() {}

    @SuppressWarnings("NullAway.Init") // Everything is set by write.
    static ServiceEntity of(StoredService service) {
        ServiceEntity entity = new ServiceEntity();
        entity.uid = service.uid();
        entity.write(service);
        return entity;
    }

    void write(StoredService service) {
        namespace = service.namespace();
        name = service.name();
        generation = service.generation();
        createdAt = service.createdAt();
        metadata = service.metadata();
        spec = service.spec();
        revisionNumber = service.revisionNumber();
        latestCreated = service.latestCreatedRevision();
        latestReady = service.latestReadyRevision();
        pinned = service.pinnedRevision();
        host = service.route().host();
        route = new String(WireJson.write(service.route()), StandardCharsets.UTF_8);
        routedAt = service.routedAt();
    }

    StoredService read() {
        return new StoredService(
                uid,
                namespace,
                name,
                resourceVersion,
                generation,
                createdAt,
                metadata,
                spec,
                revisionNumber,
                latestCreated,
                latestReady,
                pinned,
                WireJson.read(route.getBytes(StandardCharsets.UTF_8), Route.class),
                routedAt);
    }
}
