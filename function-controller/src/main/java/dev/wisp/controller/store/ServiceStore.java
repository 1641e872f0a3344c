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
import java.util.LinkedHashMap;
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

    /** One statement sees one state: read one after the other, service and revisions could be of different times. */
    private static final String JOINED =
            "select s, r from ControllerService s join ControllerRevision r on r.serviceUid = s.uid ";

    private static final String SERVICE = "from ControllerService where namespace = :namespace and name = :name";
    private static final String REVISIONS = "from ControllerRevision where serviceUid = :service order by number";
    private static final int DUE_MAX = 100;

    private final Transactions transactions;
    private final ChangeSignal signal;
    private final ControllerMeters meters;
    private final Duration timeout;

    ServiceStore(Transactions transactions, ChangeSignal signal, ControllerMeters meters, StoreConfig config) {
        this.transactions = transactions;
        this.signal = signal;
        this.meters = meters;
        this.timeout = config.timeout();
    }

    /** Fails with E1803 when there is no such service. */
    public Uni<ServiceSnapshot> find(String namespace, String name) {
        return transactions.run(
                timeout,
                session -> session.createSelectionQuery(
                                JOINED + "where s.namespace = :namespace and s.name = :name order by r.number",
                                Object[].class)
                        .setParameter("namespace", namespace)
                        .setParameter("name", name)
                        .getResultList()
                        .map(ServiceStore::snapshots)
                        .map(found -> {
                            if (found.isEmpty()) {
                                throw notFound("service %s/%s".formatted(namespace, name));
                            }
                            return found.getFirst();
                        }));
    }

    /** Services with their published revisions only, by namespace and name; of all namespaces when it is null. */
    public Uni<List<ServiceSnapshot>> list(@Nullable String namespace) {
        String where = namespace == null ? "where r.published" : "where r.published and s.namespace = :namespace";
        return transactions.run(
                timeout,
                session -> named(
                                session.createSelectionQuery(
                                        JOINED + where + " order by s.namespace, s.name, r.number", Object[].class),
                                namespace)
                        .getResultList()
                        .map(ServiceStore::snapshots));
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

    /** Whether a failure says that the database is away, so that trying again later is worth it. */
    public static boolean isOutage(Throwable failure) {
        return failure instanceof ProblemException problem
                && problem.problem().code().equals(ErrorCode.STORE_UNAVAILABLE.code());
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
                        session -> lockedService(session, namespace, name)
                                .chain(entity -> decide(session, entity, decision)))
                .onFailure(ServiceStore::isDuplicate)
                .transform(failure -> conflict("a revision of this name exists already"))
                .invoke(meters::settled)
                .invoke(() -> signal.written(namespace, name))
                .replaceWithVoid();
    }

    /** Removes a service with its revisions, if the decision does not throw. */
    public Uni<Void> delete(String namespace, String name, Function<ServiceSnapshot, List<OutboxMessage>> decision) {
        return transactions
                .run(
                        timeout,
                        session -> lockedService(session, namespace, name)
                                .chain(entity -> snapshot(session, entity).chain(snapshot -> {
                                    List<OutboxMessage> messages = decision.apply(snapshot);
                                    return remove(session, "ControllerService", List.of(entity.uid))
                                            .chain(() -> writeMessages(session, messages));
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

    /** Gives the revisions that got their outcome. */
    private Uni<List<StoredRevision>> decide(
            Mutiny.Session session, ServiceEntity entity, Function<ServiceSnapshot, ServiceChange> decision) {
        return revisionEntities(session, entity.uid).chain(entities -> {
            ServiceSnapshot before = snapshot(entity, entities);
            ServiceChange change = decision.apply(before);
            if (change.isNothing(before)) {
                return Uni.createFrom().item(List.of());
            }
            return nextVersion(session).chain(version -> {
                entity.write(change.service());
                entity.resourceVersion = version;
                return writeRevisions(session, change, entities, version).replaceWith(() -> change.settled(before));
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
        List<UUID> removed =
                change.forgotten().stream().filter(byUid::containsKey).toList();
        return remove(session, "ControllerRevision", removed)
                .chain(() -> session.persistAll(added.toArray()))
                .chain(session::flush)
                .chain(() -> writeMessages(session, change.messages()));
    }

    /**
     * By statement and not as entities: Hibernate Reactive 3.2 keeps the stage of a removal in one field for all sessions
     * ({@code ReactiveDeleteCoordinator}), so that two at once end each other's, on each other's thread (HR000069).
     */
    private static Uni<Void> remove(Mutiny.Session session, String entity, List<UUID> uids) {
        return uids.isEmpty()
                ? Uni.createFrom().voidItem()
                : session.createMutationQuery("delete from " + entity + " where uid in :uids")
                        .setParameter("uids", uids)
                        .executeUpdate()
                        .replaceWithVoid();
    }

    private static Uni<Void> writeMessages(Mutiny.Session session, List<OutboxMessage> messages) {
        return session.flush()
                .chain(() -> session.persistAll(
                        messages.stream().map(OutboxEntity::of).toArray()));
    }

    private static Uni<ServiceEntity> lockedService(Mutiny.Session session, String namespace, String name) {
        return session.createSelectionQuery(SERVICE, ServiceEntity.class)
                .setParameter("namespace", namespace)
                .setParameter("name", name)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
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

    /** Rows of service and revision, those of one service together. */
    private static List<ServiceSnapshot> snapshots(List<Object[]> rows) {
        Map<ServiceEntity, List<RevisionEntity>> byService = new LinkedHashMap<>();
        for (Object[] row : rows) {
            byService
                    .computeIfAbsent((ServiceEntity) row[0], service -> new ArrayList<>())
                    .add((RevisionEntity) row[1]);
        }
        return byService.entrySet().stream()
                .map(entry -> snapshot(entry.getKey(), entry.getValue()))
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
