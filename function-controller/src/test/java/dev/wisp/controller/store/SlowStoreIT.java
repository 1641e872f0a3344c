package dev.wisp.controller.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.serving.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that answers, but not soon: another transaction has the row that is to be changed. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
final class SlowStoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CHANGED = "{\"labels\":{\"a\":\"b\"}}";

    /** Longer than the store waited once, at which deployments on a busy host were refused. */
    private static final Duration SLOW = Duration.ofMillis(2_500);

    private final ServiceStore store;
    private final Transactions transactions;
    private final StoreConfig config;
    private final ChangeSignal signal;
    private final ControllerMeters meters;

    SlowStoreIT(
            ServiceStore store,
            Transactions transactions,
            StoreConfig config,
            ChangeSignal signal,
            ControllerMeters meters) {
        this.store = store;
        this.meters = meters;
        this.transactions = transactions;
        this.config = config;
        this.signal = signal;
    }

    /** Nothing is done about one that failed, so that nothing but the tests changes it. */
    @BeforeEach
    void create() {
        ServiceChange created = new ServiceChange(
                Stored.row(1, null), List.of(Stored.revision(1, Progress.State.FAILED)), List.of(), List.of());
        store.create(created).await().atMost(PATIENCE);
    }

    @AfterEach
    void delete() {
        store.delete("n", "s", snapshot -> List.of()).await().atMost(PATIENCE);
    }

    @Test
    void aChangeWaitsForABusyDatabase() {
        CompletableFuture<Void> busy = locked(SLOW);

        change(store);

        busy.join();
        assertThat(isChanged()).isTrue();
    }

    /** It took longer than was waited for, was stored all the same, and is repeated. */
    @Test
    void aChangeThatNobodyWaitedForIsRepeatedWithoutBeingMadeTwice() {
        ServiceStore impatient = new ServiceStore(transactions, signal, meters, withTimeout(Duration.ofMillis(100)));
        CompletableFuture<Void> busy = locked(Duration.ofMillis(700));

        assertThatThrownBy(() -> change(impatient)).isInstanceOfSatisfying(ProblemException.class, thrown -> {
            Problem problem = thrown.problem();
            assertThat(problem.code()).isEqualTo("E1805");
            assertThat(problem.detail()).isEqualTo("the store in Postgres did not answer within 100 ms");
            assertThat(problem.hint()).contains("repeat it as it is");
        });
        busy.join();
        Awaitility.await().atMost(PATIENCE).until(this::isChanged);
        long version = version();

        change(store);

        assertThat(version()).isEqualTo(version);
    }

    /** Somebody has the service's row for so long; it is had when this returns. */
    private CompletableFuture<Void> locked(Duration time) {
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> over = transactions
                .run(
                        PATIENCE,
                        session -> session.createNativeQuery(
                                        "select 1 from controller.service where namespace = 'n' for update",
                                        Integer.class)
                                .getSingleResult()
                                .invoke(row -> held.complete(null))
                                .chain(row -> session.createNativeQuery(
                                                "select 1 from pg_sleep(" + time.toMillis() / 1e3 + ")", Integer.class)
                                        .getSingleResult())
                                .replaceWithVoid())
                .subscribeAsCompletionStage();
        held.join();
        return over;
    }

    private static void change(ServiceStore through) {
        through.change("n", "s", SlowStoreIT::changed).await().atMost(PATIENCE);
    }

    private static ServiceChange changed(ServiceSnapshot before) {
        StoredService service = before.service();
        return new ServiceChange(
                new StoredService(
                        service.uid(),
                        service.namespace(),
                        service.name(),
                        service.resourceVersion(),
                        service.generation(),
                        service.createdAt(),
                        CHANGED,
                        service.spec(),
                        service.revisionNumber(),
                        service.latestCreatedRevision(),
                        service.latestReadyRevision(),
                        service.pinnedRevision(),
                        service.route(),
                        service.routedAt()),
                List.of(),
                List.of(),
                List.of());
    }

    private boolean isChanged() {
        return CHANGED.equals(snapshot().service().metadata());
    }

    private long version() {
        return snapshot().service().resourceVersion();
    }

    private ServiceSnapshot snapshot() {
        return store.find("n", "s").await().atMost(PATIENCE);
    }

    private StoreConfig withTimeout(Duration timeout) {
        return new StoreConfig() {
            @Override
            public Duration timeout() {
                return timeout;
            }

            @Override
            public Duration outboxPeriod() {
                return config.outboxPeriod();
            }

            @Override
            public Duration outboxTimeout() {
                return config.outboxTimeout();
            }
        };
    }
}
