package dev.wisp.billing.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Stores batches, the rows of two at a time, and makes the next one ready meanwhile: writing rows is nearly all of the work, and one connection
 * keeps one processor. Batches are committed one after the other in the order in which they were read; one that was read after a failed or
 * fenced one is taken back. Not thread-safe: one ingest thread.
 */
public final class LedgerPipeline implements AutoCloseable {

    private static final int IN_FLIGHT_MAX = 2;

    /** What became of a batch, and how long it took from its first row to its commit. */
    public record Appended(LedgerBatch batch, AppendOutcome outcome, Duration took) {

        private boolean isStored() {
            return outcome instanceof AppendOutcome.Stored;
        }
    }

    private record InFlight(PreparedBatch batch, Future<Appended> outcome) {}

    private final Ledger ledger;
    private final ExecutorService storing = Executors.newFixedThreadPool(
            IN_FLIGHT_MAX,
            Thread.ofPlatform().name("wisp-billing-store-", 0).daemon().factory());
    private final Deque<InFlight> inFlight = new ArrayDeque<>();

    public LedgerPipeline(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Begins to store a batch, unless one before failed or was fenced: then it is dropped, since it was read after it.
     *
     * @return what became of those before that are over, oldest first; nothing after one that was fenced
     */
    public List<Appended> append(LedgerBatch batch) throws SQLException {
        PreparedBatch prepared = ledger.ready(batch);
        List<Appended> over = new ArrayList<>();
        while (mustWait(prepared)) {
            if (!settle(over)) {
                return over;
            }
        }
        InFlight last = inFlight.peekLast();
        Future<Appended> before = last == null ? null : last.outcome();
        inFlight.add(new InFlight(prepared, storing.submit(() -> store(prepared, before))));
        return over;
    }

    /** Waits until nothing is in flight; what became of what was, oldest first. */
    public List<Appended> await() throws SQLException {
        List<Appended> over = new ArrayList<>();
        while (!inFlight.isEmpty()) {
            settle(over);
        }
        return over;
    }

    /** Lets transactions that run come to their end, whichever that is. */
    @Override
    public void close() {
        storing.close();
    }

    /** A record that is in two batches would have the older one wait for the newer, which waits for the older to be committed. */
    private boolean mustWait(PreparedBatch next) {
        return inFlight.size() >= IN_FLIGHT_MAX
                || !inFlight.stream().allMatch(one -> one.batch().isDisjoint(next));
    }

    /** Takes the oldest, and those after it too when it was not stored; whether it was. */
    private boolean settle(List<Appended> over) throws SQLException {
        try {
            Appended oldest = result(inFlight.remove().outcome());
            over.add(oldest);
            if (oldest.isStored()) {
                return true;
            }
            dropAll();
            return false;
        } catch (SQLException | RuntimeException e) {
            dropAll();
            throw e;
        }
    }

    private void dropAll() {
        while (!inFlight.isEmpty()) {
            // It waits for one that was not stored, and takes itself back.
            isStored(inFlight.remove().outcome());
        }
    }

    private Appended store(PreparedBatch batch, @Nullable Future<Appended> before) throws SQLException {
        long begun = System.nanoTime();
        try (LedgerAppend append = ledger.begin(batch)) {
            AppendOutcome outcome =
                    before == null || isStored(before) ? ledger.finish(append) : new AppendOutcome.Fenced();
            return new Appended(batch.batch(), outcome, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static boolean isStored(Future<Appended> outcome) {
        try {
            return outcome.get().isStored();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Appended result(Future<Appended> outcome) throws SQLException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch is stored", e);
        }
    }

    private static SQLException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return cause instanceof SQLException sql ? sql : new SQLException("a batch was not stored", cause);
    }
}
