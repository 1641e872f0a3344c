package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.billing.ledger.AppendOutcome;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
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
final class IngestRun {

    private static final String TOPIC = "wisp.invocations";

    private final Ledger ledger;
    private final PriceBooks books;
    private long offset;
    private long nanos;
    private long records;

    IngestRun(BenchDatabase database) throws SQLException {
        this.ledger = new Ledger(database.dataSource());
        this.books = ledger.priceBooks();
        ledger.offsets(TOPIC, Set.of(0));
    }

    void take(List<byte[]> values) throws SQLException {
        long begun = System.nanoTime();
        List<RatedRecord> rated = values.stream()
                .map(value -> ReRatingPolicy.rate(books, InvocationCodec.decode(ByteBuffer.wrap(value))))
                .toList();
        long to = offset + rated.size();
        AppendOutcome outcome =
                ledger.append(new LedgerBatch(TOPIC, Map.of(0, offset), Map.of(0, to), rated, List.of()));
        nanos += System.nanoTime() - begun;
        if (!(outcome instanceof AppendOutcome.Stored stored) || stored.stored() != rated.size()) {
            throw new BenchException("a batch was not stored whole: " + outcome);
        }
        offset = to;
        records += rated.size();
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
}
