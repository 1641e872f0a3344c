package dev.wisp.billing.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.invoice.IssuedInvoices;
import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.label.LabelSet;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.ledger.RejectedValue;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.price.PriceDraft;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.price.PriceBooks;
import dev.wisp.contracts.revision.RevisionId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;

/** A ledger with everything in it: two namespaces, prices and several days, late records, corrections, roots, a day that was dropped, labels and an invoice. */
final class FilledLedger {

    static final Instant NOW = Instant.parse("2026-11-23T00:00:02Z");

    private static final String TOPIC = "wisp.invocations";
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    private final SplittableRandom random = new SplittableRandom(20_261_127);
    private final LedgerDatabase database;
    private final Ledger ledger;
    private long nextOffset;

    private FilledLedger(LedgerDatabase database) {
        this.database = database;
        this.ledger = new Ledger(database.dataSource());
    }

    /** Empty before. */
    static void fill(LedgerDatabase database) throws Exception {
        new FilledLedger(database).fill();
    }

    private void fill() throws Exception {
        ledger.offsets(TOPIC, Set.of(0));
        new LedgerWrites(database.dataSource())
                .run(connection -> PriceStore.add(connection, prices(), NOW.minus(Duration.ofHours(2))));
        for (int batch = 0; batch < 6; batch++) {
            append(records(40, NOW.plusSeconds(batch)));
        }
        append(records(15, NOW.minus(Duration.ofDays(2))));
        ledger.seal(TODAY.minusDays(1), NOW.plusNanos(1_777));
        List<InvocationRecord> last = records(20, NOW.plusSeconds(30));
        append(last);
        correct(last.stream()
                .filter(call -> call.cpuMillicores() == 0)
                .findFirst()
                .orElseThrow());
        last.stream().filter(call -> call.cpuMillicores() > 0).limit(2).forEach(this::correct);
        ledger.seal(TODAY, NOW.plus(Duration.ofDays(1)));
        ledger.retire(TODAY.minusDays(1), NOW.plus(Duration.ofDays(1)));
        append(records(10, NOW.plusSeconds(60)));
        Instant now = Instant.now();
        append(records(5, now), List.of(new RejectedValue(0, nextOffset, "no record", new byte[40])), counted(now));
        ledger.arrivals(Map.of(new UUID(1, 1), 0L, new UUID(1, 2), 1L), now);
        IssuedInvoices.bill(database, TODAY.withDayOfMonth(1));
        label(
                labels("hello", "uid-1", Map.of("team", "web", "env", "prod")),
                labels("resize", "uid-2", Map.of()),
                new LabelSet(new RevisionId("shop", "hello-00001"), "uid-3", TODAY, Map.of("team", "shop")));
        label(labels("hello", "uid-4", Map.of("team", "api")));
    }

    private static LabelSet labels(String service, String uid, Map<String, String> labels) {
        return new LabelSet(new RevisionId("default", service + "-00001"), uid, TODAY, labels);
    }

    private void label(LabelSet... sets) throws SQLException {
        List<LabelSet> stored =
                new LedgerWrites(database.dataSource()).run(connection -> LabelRows.put(connection, List.of(sets)));
        assertThat(stored).containsExactlyInAnyOrder(sets);
    }

    /** Three periods of a node, as its kernel counted them. */
    private static List<NodeCpu> counted(Instant now) {
        return LongStream.rangeClosed(1, 3)
                .mapToObj(period ->
                        new NodeCpu("node", InstanceTimes.RUN, period, now.getEpochSecond() * 1_000_000, 9_000, 7))
                .toList();
    }

    private void correct(InvocationRecord record) {
        try {
            long number = new LedgerWrites(database.dataSource())
                    .run(connection -> Corrections.file(
                            connection, record.invocationId(), "called by mistake", NOW.plusSeconds(90)));
            assertThat(number).isPositive();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From the twentieth second on, processors held cost something. */
    private static PriceDraft prices() {
        return new PriceDraft(
                "USD",
                NOW.plusSeconds(20).toString(),
                "0.0000002",
                "0.000024",
                "0.000030000001",
                "0.0000025",
                "0.05",
                1L,
                false,
                null,
                null,
                null);
    }

    private List<InvocationRecord> records(int count, Instant from) {
        List<InvocationRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String namespace = random.nextBoolean() ? "default" : "shop";
            records.add(Invocations.any(
                    from.plusMillis(i * 900L), namespace, random.nextBoolean() ? "hello" : "resize", random));
        }
        return records;
    }

    private void append(List<InvocationRecord> records) throws SQLException {
        append(records, List.of(), List.of());
    }

    private void append(List<InvocationRecord> records, List<RejectedValue> rejected, List<NodeCpu> nodes)
            throws SQLException {
        PriceBooks books = ledger.priceBooks();
        List<RatedRecord> rated = records.stream()
                .map(record -> ReRatingPolicy.rate(books, record))
                .toList();
        long from = nextOffset;
        nextOffset += records.size() + rejected.size();
        List<TimeRecords.Priced> times = records.stream()
                .limit(5)
                .map(record -> new TimeRecords.Priced(InstanceTimes.any(record, random), 1))
                .toList();
        ledger.append(new LedgerBatch(
                TOPIC, Map.of(0, from), Map.of(0, nextOffset), rated, new TimeRecords(times, nodes), rejected));
    }
}
