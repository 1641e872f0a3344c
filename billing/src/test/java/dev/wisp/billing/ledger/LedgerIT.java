package dev.wisp.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.billing.Invocations;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerIT {

    private static final String TOPIC = "wisp.invocations";
    private static final Instant NOW = Instant.parse("2026-11-23T10:59:58Z");

    private static LedgerDatabase database;

    private final SplittableRandom random = new SplittableRandom(7);
    private Ledger ledger;

    @BeforeAll
    static void startPostgres() throws Exception {
        database = LedgerDatabase.create();
    }

    @AfterAll
    static void dropLedger() throws Exception {
        database.close();
    }

    @BeforeEach
    void emptyTheLedger() throws SQLException {
        database.execute("TRUNCATE billing.invocation, billing.usage_minute, billing.usage_hour, billing.usage_day,"
                + " billing.billed_day, billing.ingest_offset, billing.rejected, billing.chain,"
                + " billing.chain_head");
        ledger = new Ledger(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0, 1));
    }

    @Test
    void storesRecordsSumsAndOffsetsTogether() throws SQLException {
        List<InvocationRecord> records = records(500, "hello", Duration.ofMillis(700));

        AppendOutcome outcome = ledger.append(batch(0, 500, records));

        assertThat(outcome).isInstanceOfSatisfying(AppendOutcome.Stored.class, stored -> {
            assertThat(stored.stored()).isEqualTo(500);
            assertThat(stored.newest()).hasSize(Ledger.NEWEST_MAX);
        });
        assertThat(ledger.offsets(TOPIC, Set.of(0, 1))).isEqualTo(Map.of(0, 500L, 1, 0L));
        assertSumsAgree(records);
    }

    @Test
    void storesADuplicateInOneBatchOnce() throws SQLException {
        List<InvocationRecord> records = records(10, "hello", Duration.ofMillis(1));
        List<InvocationRecord> twice = new ArrayList<>(records);
        twice.addAll(records);

        AppendOutcome outcome = ledger.append(batch(0, 20, twice));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        AppendOutcome.Stored.class,
                        stored -> assertThat(stored.stored()).isEqualTo(10));
        assertSumsAgree(records);
    }

    @Test
    void storesAReplayedBatchOnce() throws SQLException {
        List<InvocationRecord> records = records(100, "hello", Duration.ofMillis(1));
        ledger.append(batch(0, 100, records));

        AppendOutcome outcome = ledger.append(batch(100, 200, records));

        assertThat(outcome).isEqualTo(new AppendOutcome.Stored(0, Set.of()));
        assertSumsAgree(records);
    }

    @Test
    void leavesNothingWhenTheTransactionDiesAfterCopyAndSums() throws SQLException {
        List<InvocationRecord> records = records(100, "hello", Duration.ofMillis(1));
        LedgerBatch impossible = batch(0, -1, records);

        assertThatThrownBy(() -> ledger.append(impossible)).isInstanceOf(SQLException.class);

        assertThat(database.number("SELECT count(*) FROM billing.invocation")).isZero();
        assertThat(database.number("SELECT count(*) FROM billing.usage_minute")).isZero();
        assertThat(ledger.offsets(TOPIC, Set.of(0))).isEqualTo(Map.of(0, 0L));
        assertThat(ledger.append(batch(0, 100, records))).isInstanceOf(AppendOutcome.Stored.class);
        assertSumsAgree(records);
    }

    @Test
    void refusesABatchReadFromWhereTheLedgerNoLongerIs() throws SQLException {
        List<InvocationRecord> records = records(10, "hello", Duration.ofMillis(1));
        ledger.append(batch(0, 10, records));

        AppendOutcome outcome = ledger.append(batch(0, 10, records(10, "hello", Duration.ofMillis(1))));

        assertThat(outcome).isEqualTo(new AppendOutcome.Fenced());
        assertSumsAgree(records);
    }

    @Test
    void storesBatchesTwoAtATimeAndCommitsThemInOrder() throws SQLException {
        List<InvocationRecord> records = records(500, "hello", Duration.ofMillis(700));
        List<LedgerPipeline.Appended> over = new ArrayList<>();

        try (LedgerPipeline pipeline = new LedgerPipeline(ledger)) {
            for (int from = 0; from < 500; from += 100) {
                over.addAll(pipeline.append(batch(from, from + 100L, records.subList(from, from + 100))));
            }
            over.addAll(pipeline.await());
            assertThat(pipeline.await()).isEmpty();
        }

        assertThat(over).hasSize(5).allSatisfy(LedgerIT::storedWhole);
        assertThat(over)
                .extracting(appended -> appended.batch().readOnAt().get(0))
                .containsExactly(100L, 200L, 300L, 400L, 500L);
        assertThat(ledger.offsets(TOPIC, Set.of(0))).isEqualTo(Map.of(0, 500L));
        assertSumsAgree(records);
    }

    /** The second would write the record first, and the first would wait for it. */
    @Test
    void storesARecordOnceThatIsInTwoBatchesInARow() throws SQLException {
        List<InvocationRecord> records = records(200, "hello", Duration.ofMillis(1));

        try (LedgerPipeline pipeline = new LedgerPipeline(ledger)) {
            for (int round = 0; round < 20; round++) {
                List<InvocationRecord> both = round % 2 == 0 ? records : records.reversed();
                pipeline.append(batch(round * 200L, round * 200L + 200, both));
            }
            pipeline.await();
        }

        assertThat(ledger.offsets(TOPIC, Set.of(0))).isEqualTo(Map.of(0, 4_000L));
        assertSumsAgree(records);
    }

    @Test
    void takesBackABatchThatWasReadAfterOneThatFailed() throws SQLException {
        List<InvocationRecord> records = records(300, "hello", Duration.ofMillis(1));

        try (LedgerPipeline pipeline = new LedgerPipeline(ledger)) {
            pipeline.append(batch(0, -1, records.subList(0, 100)));
            pipeline.append(batch(-1, 200, records.subList(100, 200)));
            assertThatThrownBy(() -> pipeline.append(batch(200, 300, records.subList(200, 300))))
                    .isInstanceOf(SQLException.class);
            assertThat(pipeline.await()).isEmpty();
        }

        assertThat(database.number("SELECT count(*) FROM billing.invocation")).isZero();
        assertThat(ledger.offsets(TOPIC, Set.of(0))).isEqualTo(Map.of(0, 0L));
    }

    @Test
    void takesBackABatchThatWasReadAfterOneThatWasFenced() throws SQLException {
        List<InvocationRecord> records = records(200, "hello", Duration.ofMillis(1));

        try (LedgerPipeline pipeline = new LedgerPipeline(ledger)) {
            pipeline.append(batch(7, 100, records.subList(0, 100)));
            pipeline.append(batch(0, 100, records.subList(100, 200)));
            assertThat(pipeline.await())
                    .extracting(LedgerPipeline.Appended::outcome)
                    .containsExactly(new AppendOutcome.Fenced());
            assertThat(pipeline.await()).isEmpty();
        }

        assertThat(database.number("SELECT count(*) FROM billing.invocation")).isZero();
    }

    private static void storedWhole(LedgerPipeline.Appended appended) {
        assertThat(appended.outcome())
                .isInstanceOfSatisfying(
                        AppendOutcome.Stored.class,
                        stored -> assertThat(stored.stored())
                                .isEqualTo(appended.batch().records().size()));
    }

    /** Begun before, committed after, with a lower number of its batch: only the order of links tells. */
    @Test
    void whatIsCommittedAfterACutIsNotInItWheneverItBegan() throws SQLException {
        List<InvocationRecord> first = records(10, "hello", Duration.ofMillis(1));
        List<InvocationRecord> second = records(20, "hello", Duration.ofMillis(1));
        LocalDate november = LocalDate.of(2026, 11, 1);

        try (LedgerAppend late = ledger.begin(ledger.ready(batch(10, 30, second)))) {
            ledger.append(batch(0, 10, first));
            Map<String, Long> heads = new LedgerWrites(database.dataSource())
                    .run(connection -> ChainCut.heads(connection, "default", november.plusMonths(1)));
            ledger.finish(late);

            assertThat(heads).containsExactly(Map.entry("default", 1L));
            assertThat(counted(november, ChainCut.after(heads))).isEqualTo(10);
            assertThat(counted(november, ChainCut.NONE)).isEqualTo(30);
            assertThat(counted(november, ChainCut.after(Map.of()))).isZero();
            assertThat(counted(november, ChainCut.after(Instant.EPOCH))).isZero();
        }
    }

    private static long counted(LocalDate month, ChainCut cut) throws SQLException {
        String sql = "WITH %s SELECT count(*) FROM billing.invocation WHERE %s"
                .formatted(ChainCut.LATER, AccountMonth.counted("invocation", ChainKind.INVOCATIONS, "received_at"));
        return new LedgerWrites(database.dataSource()).run(connection -> {
            try (PreparedStatement select = new AccountMonth("default", month, cut).prepare(connection, sql);
                    ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void addsLateRecordsToTheirOwnDay() throws SQLException {
        Instant late = NOW.minus(Duration.ofDays(45));
        InvocationRecord record = Invocations.success(late, "hello", random);

        ledger.append(batch(0, 1, List.of(record)));

        assertThat(database.number("SELECT count(*) FROM billing.invocation_20261009"))
                .isOne();
        assertThat(database.number("SELECT cost_picos FROM billing.usage_day WHERE bucket = '2026-10-09T00:00:00Z'"))
                .isEqualByComparingTo(BigDecimal.valueOf(record.costPicos()));
    }

    @Test
    void makesADroppedPartitionAgain() throws SQLException {
        InvocationRecord first = Invocations.success(NOW, "hello", random);
        ledger.append(batch(0, 1, List.of(first)));
        database.execute("DROP TABLE billing.invocation_20261123");
        InvocationRecord second = Invocations.success(NOW, "hello", random);

        assertThatThrownBy(() -> ledger.append(batch(1, 2, List.of(second)))).isInstanceOf(SQLException.class);
        ledger.append(batch(1, 2, List.of(second)));

        assertThat(database.number("SELECT count(*) FROM billing.invocation")).isOne();
    }

    @Test
    void keepsAValueThatIsNoRecordAsEvidence() throws SQLException {
        RejectedValue value = new RejectedValue(1, 4, "format=9", new byte[] {9});

        ledger.append(new LedgerBatch(TOPIC, Map.of(1, 0L), Map.of(1, 5L), List.of(), List.of(value)));

        assertThat(database.number("SELECT count(*) FROM billing.rejected WHERE log_offset = 4 AND value = '\\x09'"))
                .isOne();
        assertThat(ledger.offsets(TOPIC, Set.of(1))).isEqualTo(Map.of(1, 5L));
    }

    @Test
    void holdsThePriceBookThatNodesRateWith() throws SQLException {
        assertThat(ledger.priceBooks()).isEqualTo(PriceBooks.DEFAULT);
    }

    @Test
    void preparesDaysAheadTwiceWithoutHarm() throws SQLException {
        List<LocalDate> days = List.of(LocalDate.of(2026, 12, 1), LocalDate.of(2026, 12, 2));

        ledger.prepare(days);
        new Ledger(database.dataSource()).prepare(days);

        assertThat(database.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'invocation_2026120_'"))
                .isEqualByComparingTo("2");
    }

    private static void assertSumsAgree(List<InvocationRecord> records) throws SQLException {
        long picos = records.stream().mapToLong(InvocationRecord::costPicos).sum();
        assertThat(database.number("SELECT sum(cost_picos) FROM billing.invocation"))
                .isEqualByComparingTo("" + picos);
        for (String window : List.of("minute", "hour", "day")) {
            assertThat(database.number("SELECT sum(cost_picos) FROM billing.usage_" + window))
                    .isEqualByComparingTo("" + picos);
            assertThat(database.number(differences(window))).isZero();
        }
        assertThat(database.number(BILLED_DIFFERENCES)).isZero();
    }

    /** Days, either way, for which an invoice would not count what their records say. */
    private static final String BILLED_DIFFERENCES = """
        WITH fresh AS (
          SELECT account, (received_at AT TIME ZONE 'UTC')::date, price_version, count(*)::numeric, sum(cpu_us),
            sum(cpu_millicores::numeric * billed_ms), sum(memory_bytes::numeric * billed_ms), sum(bytes_out), 0::numeric, 0::numeric,
            0::numeric
          FROM billing.invocation WHERE outcome IN (0, 1, 2, 3) AND rating IN (0, 1) GROUP BY 1, 2, 3)
        SELECT count(*) FROM (
          (SELECT * FROM fresh EXCEPT SELECT * FROM billing.billed_day) UNION ALL
          (SELECT * FROM billing.billed_day EXCEPT SELECT * FROM fresh)) AS difference
        """;

    /** Groups whose sums differ from those of the records themselves, in any column. */
    private static String differences(String window) {
        String keys = "account, namespace, service, revision, price_version";
        String sums =
                "count(*), count(*) FILTER (WHERE outcome <> 0), count(*) FILTER (WHERE cold_start), sum(queue_us),"
                        + " sum(start_us), sum(app_us), sum(billed_ms), sum(cpu_us), sum(memory_bytes::numeric *"
                        + " billed_ms), sum(bytes_in), sum(bytes_out), sum(cost_picos), sum(cpu_millicores::numeric *"
                        + " billed_ms), 0, 0, 0";
        return "SELECT count(*) FROM (SELECT date_trunc('%1$s', received_at, 'UTC'), %2$s, %3$s FROM billing.invocation"
                        .formatted(window, keys, sums)
                + " GROUP BY 1, 2, 3, 4, 5, 6 EXCEPT SELECT * FROM billing.usage_%s) AS difference".formatted(window);
    }

    private List<InvocationRecord> records(int count, String service, Duration apart) {
        List<InvocationRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Invocations.any(NOW.plus(apart.multipliedBy(i)), service, random));
        }
        return records;
    }

    private static LedgerBatch batch(long from, long onAt, List<InvocationRecord> records) {
        List<RatedRecord> rated = records.stream()
                .map(record -> new RatedRecord(record, RatingState.CONFIRMED))
                .toList();
        return new LedgerBatch(TOPIC, Map.of(0, from), Map.of(0, onAt), rated, List.of());
    }
}
