package dev.wisp.controller.store;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.RevisionId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes services with their revisions. Every write locks the service's row, decides on the snapshot read under that lock,
 * and stores the outbox messages of the decision in the same transaction. Every method fails with E1805 within
 * {@link StoreConfig#timeout()} when the database does not answer. Thread-safe.
 */
@Singleton
public final class ServiceStore {

    private static final String SERVICE = "from ControllerService where namespace = :namespace and name = :name";
    private static final String REVISIONS = "from ControllerRevision where serviceUid = :service order by number";
    private static final int DUE_MAX = 100;

    private final Transactions transactions;
    private final ChangeSignal signal;
    private final Duration timeout;

    ServiceStore(Transactions transactions, ChangeSignal signal, StoreConfig config) {
        this.transactions = transactions;
        this.signal = signal;
        this.timeout = config.timeout();
    }

    /** Fails with E1803 when there is no such service. */
    public Uni<ServiceSnapshot> find(String namespace, String name) {
        return transactions.run(
                timeout,
                session -> service(session, namespace, name, LockModeType.NONE)
                        .chain(entity -> snapshot(session, entity)));
    }

    /** Services with their published revisions only, by namespace and name; of all namespaces when it is null. */
    public Uni<List<ServiceSnapshot>> list(@Nullable String namespace) {
        String where = namespace == null ? "" : " where namespace = :namespace";
        String published = namespace == null ? " where published" : " where namespace = :namespace and published";
        return transactions.run(
                timeout,
                session -> named(
                                session.createSelectionQuery(
                                        "from ControllerService" + where + " order by namespace, name",
                                        ServiceEntity.class),
                                namespace)
                        .getResultList()
                        .chain(services -> named(
                                        session.createSelectionQuery(
                                                "from ControllerRevision" + published + " order by number",
                                                RevisionEntity.class),
                                        namespace)
                                .getResultList()
                                .map(revisions -> snapshots(services, revisions))));
    }

    /** Revisions, newest first; of all namespaces when it is null. */
    public Uni<List<StoredRevision>> revisions(@Nullable String namespace) {
        String where = namespace == null ? "" : " where namespace = :namespace";
        return transactions.run(
                timeout,
                session -> named(
                                session.createSelectionQuery(
                                        "from ControllerRevision" + where
                                                + " order by namespace, serviceName, number desc",
                                        RevisionEntity.class),
                                namespace)
                        .getResultList()
                        .map(entities ->
                                entities.stream().map(RevisionEntity::read).toList()));
    }

    /** Fails with E1803 when there is no such revision. */
    public Uni<StoredRevision> revision(RevisionId id) {
        return transactions.run(
                timeout,
                session -> revisionEntity(session, id)
                        .map(entity -> entity.map(RevisionEntity::read).orElseThrow(() -> notFound("revision " + id))));
    }

    /** Fails with E1804 when there is such a service. */
    public Uni<Void> checkAbsent(String namespace, String name) {
        return transactions.run(
                timeout,
                session -> session.createSelectionQuery(SERVICE, ServiceEntity.class)
                        .setParameter("namespace", namespace)
                        .setParameter("name", name)
                        .getSingleResultOrNull()
                        .onItem()
                        .ifNotNull()
                        .failWith(() -> conflict("service %s/%s exists already".formatted(namespace, name)))
                        .replaceWithVoid());
    }

    /** Fails with E1804 when a service or revision of that name exists. */
    public Uni<Void> create(ServiceChange change) {
        StoredService service = change.service();
        String id = service.namespace() + "/" + service.name();
        return transactions
                .run(
                        timeout,
                        session -> nextVersion(session).chain(version -> {
                            ServiceEntity entity = ServiceEntity.of(service);
                            entity.resourceVersion = version;
                            return session.persist(entity)
                                    .chain(session::flush)
                                    .chain(() -> writeRevisions(session, change, List.of(), version));
                        }))
                .onFailure(ServiceStore::isDuplicate)
                .transform(failure -> conflict("service %s, or a revision it would make, exists already".formatted(id)))
                .invoke(() -> signal.written(service.namespace(), service.name()));
    }

    /**
     * Changes a service by a decision, which may throw a {@link ProblemException} to change nothing; fails with E1803 when there is no
     * such service. A decision that leaves everything as it is writes nothing.
     */
    public Uni<Void> change(String namespace, String name, Function<ServiceSnapshot, ServiceChange> decision) {
        return transactions
                .run(
                        timeout,
                        session -> service(session, namespace, name, LockModeType.PESSIMISTIC_WRITE)
                                .chain(entity -> decide(session, entity, decision)))
                .onFailure(ServiceStore::isDuplicate)
                .transform(failure -> conflict("a revision of this name exists already"))
                .invoke(() -> signal.written(namespace, name));
    }

    /** Removes a service with its revisions, if the decision does not throw. */
    public Uni<Void> delete(String namespace, String name, Function<ServiceSnapshot, List<OutboxMessage>> decision) {
        return transactions
                .run(
                        timeout,
                        session -> service(session, namespace, name, LockModeType.PESSIMISTIC_WRITE)
                                .chain(entity -> snapshot(session, entity).chain(snapshot -> {
                                    List<OutboxMessage> messages = decision.apply(snapshot);
                                    return session.remove(entity).chain(() -> writeMessages(session, messages));
                                })))
                .invoke(() -> signal.written(namespace, name));
    }

    /** The service a revision belongs to; empty when there is no such revision (any more). */
    public Uni<Optional<String>> serviceOf(RevisionId id) {
        return transactions.run(
                timeout, session -> revisionEntity(session, id).map(entity -> entity.map(found -> found.serviceName)));
    }

    /** Revisions that time has something to do with: to be withdrawn by now, or without outcome since before a deadline. */
    public Uni<List<StoredRevision>> due(Instant now, Instant unfinishedSince) {
        return transactions.run(
                timeout,
                session -> session.createSelectionQuery(
                                "from ControllerRevision where retireAt <= :now or (published and publishedAt <= :since"
                                        + " and state in ('WAITING', 'PULLING', 'STARTING')) order by number",
                                RevisionEntity.class)
                        .setParameter("now", now)
                        .setParameter("since", unfinishedSince)
                        .setMaxResults(DUE_MAX)
                        .getResultList()
                        .map(entities ->
                                entities.stream().map(RevisionEntity::read).toList()));
    }

    private Uni<Void> decide(
            Mutiny.Session session, ServiceEntity entity, Function<ServiceSnapshot, ServiceChange> decision) {
        return revisionEntities(session, entity.uid).chain(entities -> {
            ServiceSnapshot before = snapshot(entity, entities);
            ServiceChange change = decision.apply(before);
            if (change.isNothing(before)) {
                return Uni.createFrom().voidItem();
            }
            return nextVersion(session).chain(version -> {
                entity.write(change.service());
                entity.resourceVersion = version;
                return writeRevisions(session, change, entities, version);
            });
        });
    }

    private static Uni<Void> writeRevisions(
            Mutiny.Session session, ServiceChange change, List<RevisionEntity> existing, long version) {
        Map<UUID, RevisionEntity> byUid = new HashMap<>();
        existing.forEach(entity -> byUid.put(entity.uid, entity));
        List<Object> added = new ArrayList<>();
        for (StoredRevision revision : change.revisions()) {
            RevisionEntity entity = byUid.get(revision.uid());
            if (entity == null) {
                entity = RevisionEntity.of(revision);
                added.add(entity);
            } else {
                entity.write(revision);
            }
            entity.resourceVersion = version;
        }
        Object[] removed = change.forgotten().stream()
                .map(byUid::get)
                .filter(entity -> entity != null)
                .toArray();
        return session.removeAll(removed)
                .chain(() -> session.persistAll(added.toArray()))
                .chain(session::flush)
                .chain(() -> writeMessages(session, change.messages()));
    }

    private static Uni<Void> writeMessages(Mutiny.Session session, List<OutboxMessage> messages) {
        return session.flush()
                .chain(() -> session.persistAll(
                        messages.stream().map(OutboxEntity::of).toArray()));
    }

    private static Uni<ServiceEntity> service(
            Mutiny.Session session, String namespace, String name, LockModeType lock) {
        return session.createSelectionQuery(SERVICE, ServiceEntity.class)
                .setParameter("namespace", namespace)
                .setParameter("name", name)
                .setLockMode(lock)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .failWith(() -> notFound("service %s/%s".formatted(namespace, name)));
    }

    private static Uni<Optional<RevisionEntity>> revisionEntity(Mutiny.Session session, RevisionId id) {
        return session.createSelectionQuery(
                        "from ControllerRevision where namespace = :namespace and name = :name", RevisionEntity.class)
                .setParameter("namespace", id.namespace())
                .setParameter("name", id.name())
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    private static Uni<List<RevisionEntity>> revisionEntities(Mutiny.Session session, UUID service) {
        return session.createSelectionQuery(REVISIONS, RevisionEntity.class)
                .setParameter("service", service)
                .getResultList();
    }

    private static Uni<ServiceSnapshot> snapshot(Mutiny.Session session, ServiceEntity entity) {
        return revisionEntities(session, entity.uid).map(entities -> snapshot(entity, entities));
    }

    private static ServiceSnapshot snapshot(ServiceEntity entity, List<RevisionEntity> revisions) {
        return new ServiceSnapshot(
                entity.read(), revisions.stream().map(RevisionEntity::read).toList());
    }

    private static List<ServiceSnapshot> snapshots(List<ServiceEntity> services, List<RevisionEntity> revisions) {
        Map<UUID, List<RevisionEntity>> byService = new HashMap<>();
        revisions.forEach(revision -> byService
                .computeIfAbsent(revision.serviceUid, uid -> new ArrayList<>())
                .add(revision));
        return services.stream()
                .map(service -> snapshot(service, byService.getOrDefault(service.uid, List.of())))
                .toList();
    }

    private static <T> Mutiny.SelectionQuery<T> named(Mutiny.SelectionQuery<T> query, @Nullable String namespace) {
        return namespace == null ? query : query.setParameter("namespace", namespace);
    }

    private static Uni<Long> nextVersion(Mutiny.Session session) {
        return session.createNativeQuery("select nextval('controller.resource_version')", Long.class)
                .getSingleResult();
    }

    private static boolean isDuplicate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConstraintViolationException) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException notFound(String what) {
        return new ProblemException(Problem.of(ErrorCode.NOT_FOUND, what + " does not exist"));
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(Problem.of(ErrorCode.CONFLICT, detail));
    }
}
