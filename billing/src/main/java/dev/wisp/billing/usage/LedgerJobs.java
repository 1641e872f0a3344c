package dev.wisp.billing.usage;

import dev.wisp.billing.ledger.LedgerSnapshot;
import dev.wisp.billing.ledger.LedgerWrites;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/**
 * Runs what is written with JDBC (transactions that extend the chain, exports, verifications) away from the event loops; a store that is
 * away becomes a problem that says so. Thread-safe.
 */
@Singleton
public final class LedgerJobs {

    private final DataSource dataSource;

    /** A question that opens its own connection. */
    @FunctionalInterface
    public interface Job<T> {

        T on(DataSource dataSource) throws SQLException;
    }

    public LedgerJobs(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** One transaction. */
    public <T> Uni<T> write(LedgerWrites.Work<T> work) {
        return run(store -> new LedgerWrites(store).run(work));
    }

    /** A question of more than one statement, of one moment. */
    public <T> Uni<T> snapshot(LedgerSnapshot.Question<T, SQLException> question) {
        return run(store -> LedgerSnapshot.ask(store, question));
    }

    public <T> Uni<T> run(Job<T> job) {
        Callable<T> call = () -> job.on(dataSource);
        return Uni.createFrom()
                .item(() -> outcome(call))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure(StoreFailure::isUnavailable)
                .transform(LedgerReader::unavailable);
    }

    private static <T> T outcome(Callable<T> call) {
        try {
            return call.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("asking the ledger", e);
        }
    }
}
