package dev.wisp.controller.store;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is in the outbox, in order, and marks what the broker has. Only one process does so at a time (an advisory lock of the
 * transaction), so that an old value never follows a newer one. A message may be sent twice, never lost: the mark is written after the
 * acknowledgement. At start everything that is published is sent again, because the broker may have lost its data.
 */
@Singleton
final class OutboxPublisher {

    /** Any number that nobody else locks. */
    static final long LOCK = 0x7769_7370_0001L;

    private static final int BATCH_MAX = 200;
    private static final Duration KEEP_SENT = Duration.ofHours(1);

    private final Transactions transactions;
    private final Bus bus;
    private final StoreConfig config;
    private final InstantSource clock;
    private final ChangeSignal signal;
    private final Vertx vertx;
    private final boolean active;
    private volatile boolean republished;
    private volatile @Nullable PassDriver driver;

    OutboxPublisher(
            Transactions transactions,
            Bus bus,
            StoreConfig config,
            ChangeSignal signal,
            Vertx vertx,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.transactions = transactions;
        this.bus = bus;
        this.config = config;
        this.clock = InstantSource.system();
        this.signal = signal;
        this.vertx = vertx;
        this.active = Services.parse(services).runs(Service.FUNCTION_CONTROLLER);
    }

    void start(@Observes StartupEvent event) {
        if (active) {
            PassDriver started =
                    new PassDriver(vertx, "publishing revisions and routes", config.outboxPeriod(), this::runOnce);
            driver = started;
            signal.onEveryWrite(started::poke);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        PassDriver running = driver;
        if (running != null) {
            running.close();
        }
    }

    /** What came of one pass: whether it was this process's turn, and whether there is probably more to send. */
    private record Pass(boolean mine, boolean more) {}

    /** Sends one batch; says whether there is probably another. */
    Uni<Boolean> runOnce() {
        return transactions
                .run(
                        ControllerMeters.Work.OUTBOX,
                        config.outboxTimeout(),
                        session -> lock(session)
                                .chain(mine -> mine
                                        ? republishOnce(session)
                                                .chain(() -> sendBatch(session))
                                                .map(more -> new Pass(true, more))
                                        : Uni.createFrom().item(new Pass(false, false))))
                .invoke(pass -> republished |= pass.mine())
                .map(Pass::more);
    }

    private static Uni<Boolean> lock(Mutiny.Session session) {
        return session.createNativeQuery("select pg_try_advisory_xact_lock(" + LOCK + ")", Boolean.class)
                .getSingleResult();
    }

    /** The lock on the services keeps a change from slipping between what is read here and its place in the outbox. */
    private Uni<Void> republishOnce(Mutiny.Session session) {
        if (republished) {
            return Uni.createFrom().voidItem();
        }
        return session.createNativeQuery("select uid from controller.service for update", Object.class)
                .getResultList()
                .chain(all -> session.createNativeQuery("""
                        insert into controller.outbox (topic, key, value)
                        select :topic, namespace || '/' || name, spec from controller.revision
                        where published order by service_uid, number""")
                        .setParameter("topic", Topics.REVISIONS.name())
                        .executeUpdate())
                .chain(count -> session.createNativeQuery("""
                        insert into controller.outbox (topic, key, value)
                        select :topic, host, route from controller.service order by uid""")
                        .setParameter("topic", Topics.ROUTES.name())
                        .executeUpdate())
                .replaceWithVoid();
    }

    private Uni<Boolean> sendBatch(Mutiny.Session session) {
        return session.createSelectionQuery(
                        "from ControllerOutbox where sentAt is null order by id", OutboxEntity.class)
                .setMaxResults(BATCH_MAX)
                .getResultList()
                .chain(batch -> send(batch).chain(sent -> mark(session, sent).replaceWith(sent.size() == BATCH_MAX)));
    }

    /** Sends all; what comes after the first failure counts as not sent, so that the order of a key holds when it is sent again. */
    private Uni<List<OutboxEntity>> send(List<OutboxEntity> batch) {
        List<CompletableFuture<Boolean>> outcomes = batch.stream()
                .map(entity -> publish(entity.read()).handle((done, failure) -> failure == null))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new));
        // The broker's answer arrives on a thread of the producer; the session must be used on its own event loop only.
        Context context = vertx.getOrCreateContext();
        return Uni.createFrom()
                .completionStage(all)
                .emitOn(command -> context.runOnContext(on -> command.run()))
                .map(done -> {
                    List<OutboxEntity> sent = new ArrayList<>();
                    for (int i = 0; i < batch.size() && outcomes.get(i).join(); i++) {
                        sent.add(batch.get(i));
                    }
                    return sent;
                });
    }

    private Uni<Void> mark(Mutiny.Session session, List<OutboxEntity> sent) {
        sent.forEach(entity -> entity.sentAt = clock.instant());
        return session.flush()
                .chain(() -> session.createMutationQuery("delete from ControllerOutbox where sentAt < :before")
                        .setParameter("before", clock.instant().minus(KEEP_SENT))
                        .executeUpdate())
                .replaceWithVoid();
    }

    private CompletableFuture<Void> publish(OutboxMessage message) {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals(message.topic()))
                .findFirst()
                .map(topic -> publish(topic, message))
                .orElseThrow(() -> new IllegalArgumentException("topic=%s, is not known".formatted(message.topic())));
    }

    private <T> CompletableFuture<Void> publish(Topic<T> topic, OutboxMessage message) {
        String value = message.value();
        return bus.publish(
                topic,
                message.key(),
                value == null ? null : WireJson.read(value.getBytes(StandardCharsets.UTF_8), topic.type()));
    }
}
