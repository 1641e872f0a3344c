package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.billing.ledger.AppendOutcome;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerPipeline;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.price.PriceBooks;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes in what nodes sent as billing does, but for reading it from the broker: decode, rate, store, add up, link. */
final class IngestRun implements AutoCloseable {

    private static final String TOPIC = "wisp.invocations";

    private final LedgerPipeline pipeline;
    private final PriceBooks books;
    private long offset;
    private long nanos;
    private long records;

    IngestRun(BenchDatabase database) throws SQLException {
        Ledger ledger = new Ledger(database.dataSource());
        this.pipeline = new LedgerPipeline(ledger);
        this.books = ledger.priceBooks();
        ledger.offsets(TOPIC, Set.of(0));
    }

    /** Takes batches one after the other and waits until the last is stored. */
    void take(List<List<byte[]>> batches) throws SQLException {
        long begun = System.nanoTime();
        for (List<byte[]> values : batches) {
            append(values);
        }
        check(pipeline.await());
        nanos += System.nanoTime() - begun;
    }

    private void append(List<byte[]> values) throws SQLException {
        List<RatedRecord> rated = values.stream()
                .map(value -> ReRatingPolicy.rate(books, InvocationCodec.decode(ByteBuffer.wrap(value))))
                .toList();
        long to = offset + rated.size();
        check(pipeline.append(new LedgerBatch(TOPIC, Map.of(0, offset), Map.of(0, to), rated, List.of())));
        offset = to;
        records += rated.size();
    }

    private static void check(List<LedgerPipeline.Appended> over) {
        for (LedgerPipeline.Appended appended : over) {
            if (!(appended.outcome() instanceof AppendOutcome.Stored stored
                    && stored.stored() == appended.batch().records().size())) {
                throw new BenchException("a batch was not stored whole: " + appended.outcome());
            }
        }
    }

    long records() {
        return records;
    }

    double perSecond() {
        return records * 1e9 / nanos;
    }

    void reset() {
        nanos = 0;
        records = 0;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
