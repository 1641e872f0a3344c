package dev.wisp.controller.store;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Row of a {@link StoredRevision}. */
@Entity(name = "ControllerRevision")
@Table(schema = "controller", name = "revision")
class RevisionEntity {

    @Id
    UUID uid;

    String namespace;
    String name;

    @Column(name = "service_uid")
    UUID serviceUid;

    @Column(name = "service_name")
    String serviceName;

    long number;

    @Column(name = "service_generation")
    long serviceGeneration;

    @Column(name = "resource_version")
    long resourceVersion;

    @Column(name = "created_at")
    Instant createdAt;

    String template;
    String spec;

    /** Also in the progress; a column of its own so that the database can find the unfinished ones. */
    String state;

    String progress;
    boolean published;

    @Column(name = "published_at")
    Instant publishedAt;

    @Column(name = "retire_at")
    @Nullable
    Instant retireAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    RevisionEntity() {}

    static RevisionEntity of(StoredRevision revision) {
        RevisionEntity entity = new RevisionEntity();
        entity.uid = revision.uid();
        entity.namespace = revision.id().namespace();
        entity.name = revision.name();
        entity.serviceUid = revision.serviceUid();
        entity.serviceName = revision.spec().service();
        entity.number = revision.number();
        entity.serviceGeneration = revision.serviceGeneration();
        entity.createdAt = revision.createdAt();
        entity.template = revision.template();
        entity.spec = text(revision.spec());
        entity.write(revision);
        return entity;
    }

    /** What may change; the rest of a revision never does. */
    void write(StoredRevision revision) {
        state = revision.progress().state().name();
        progress = text(revision.progress());
        published = revision.published();
        publishedAt = revision.publishedAt();
        retireAt = revision.retireAt();
    }

    StoredRevision read() {
        return new StoredRevision(
                uid,
                new RevisionId(namespace, name),
                serviceUid,
                number,
                serviceGeneration,
                resourceVersion,
                createdAt,
                template,
                WireJson.read(spec.getBytes(StandardCharsets.UTF_8), RevisionSpec.class),
                WireJson.read(progress.getBytes(StandardCharsets.UTF_8), Progress.class),
                published,
                publishedAt,
                retireAt);
    }

    private static String text(Object value) {
        return new String(WireJson.write(value), StandardCharsets.UTF_8);
    }
}
