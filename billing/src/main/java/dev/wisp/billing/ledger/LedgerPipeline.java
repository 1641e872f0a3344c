package dev.wisp.billing.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Stores batches one after the other, and makes each ready while the database is busy with the one before: database and this process
 * each keep a processor. A batch is handed over only when the one before is committed. Not thread-safe: one ingest thread.
 */
public final class LedgerPipeline implements AutoCloseable {

    /** What became of a batch, and how long its transaction took. */
    public record Appended(LedgerBatch batch, AppendOutcome outcome, Duration took) {}

    private final Ledger ledger;
    private final ExecutorService storing = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("wisp-billing-store").daemon().factory());
    private @Nullable Future<Appended> inFlight;

    public LedgerPipeline(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Begins to store a batch, unless the one before failed or was fenced: then it is dropped, since it was read after it.
     *
     * @return what became of the one before, null when there was none in flight
     */
    public @Nullable Appended append(LedgerBatch batch) throws SQLException {
        PreparedBatch prepared = ledger.ready(batch);
        Appended before = await();
        if (before == null || before.outcome() instanceof AppendOutcome.Stored) {
            inFlight = storing.submit(() -> store(prepared));
        }
        return before;
    }

    /** Waits until nothing is in flight; what became of what was, null when there was nothing. */
    public @Nullable Appended await() throws SQLException {
        Future<Appended> last = inFlight;
        inFlight = null;
        if (last == null) {
            return null;
        }
        try {
            return last.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch is stored", e);
        }
    }

    /** Lets a transaction that runs come to its end, whichever that is. */
    @Override
    public void close() {
        storing.close();
    }

    private Appended store(PreparedBatch batch) throws SQLException {
        long begun = System.nanoTime();
        AppendOutcome outcome = ledger.append(batch);
        return new Appended(batch.batch(), outcome, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static SQLException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return cause instanceof SQLException sql ? sql : new SQLException("a batch was not stored", cause);
    }
}
