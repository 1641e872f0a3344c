package dev.wisp.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.route.Route;
import dev.wisp.controller.serving.PostgresResource;
import dev.wisp.testkit.MemoryBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The outbox after the broker lost everything, and beside a second publisher. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class OutboxPublisherIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServiceStore store;
    private final Transactions transactions;
    private final StoreConfig config;
    private final ChangeSignal signal;
    private final Vertx vertx;
    private final MemoryBus bus;

    OutboxPublisherIT(
            ServiceStore store,
            Transactions transactions,
            StoreConfig config,
            ChangeSignal signal,
            Vertx vertx,
            MemoryBus bus) {
        this.store = store;
        this.transactions = transactions;
        this.config = config;
        this.signal = signal;
        this.vertx = vertx;
        this.bus = bus;
    }

    @Test
    void sendsEverythingAgainAtItsFirstPass() {
        StoredRevision revision = Stored.revision(1, Progress.State.WAITING);
        Route route = new Route(Stored.HOST, "n", "s", 1, List.of());
        ServiceChange created = new ServiceChange(
                Stored.row(1, null),
                List.of(revision),
                List.of(),
                List.of(OutboxMessage.revision(revision.spec()), OutboxMessage.route(route)));
        store.create(created).await().atMost(PATIENCE);
        Awaitility.await().atMost(PATIENCE).until(() -> bus.last(Topics.ROUTES, Stored.HOST) != null);
        MemoryBus wiped = new MemoryBus();
        OutboxPublisher restarted = new OutboxPublisher(transactions, wiped, config, signal, vertx, "all");

        Awaitility.await().atMost(PATIENCE).until(() -> {
            restarted.runOnce().await().atMost(PATIENCE);
            return wiped.last(Topics.ROUTES, Stored.HOST) != null;
        });

        assertThat(wiped.last(Topics.REVISIONS, "n/s-00001")).isEqualTo(revision.spec());
        assertThat(wiped.last(Topics.ROUTES, Stored.HOST)).isEqualTo(route);
        store.delete("n", "s", snapshot -> List.of()).await().atMost(PATIENCE);
    }

    @Test
    void leavesItToTheOneThatIsAtIt() {
        OutboxPublisher second = new OutboxPublisher(transactions, new MemoryBus(), config, signal, vertx, "all");

        Boolean more = transactions
                .run(
                        PATIENCE,
                        session -> session.createNativeQuery(
                                        "select 1 from pg_advisory_xact_lock(" + OutboxPublisher.LOCK + ")",
                                        Integer.class)
                                .getSingleResult()
                                .chain(locked -> second.runOnce()))
                .await()
                .atMost(PATIENCE);

        assertThat(more).isFalse();
    }
}
