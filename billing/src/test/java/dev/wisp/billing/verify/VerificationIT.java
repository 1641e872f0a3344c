package dev.wisp.billing.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.label.LabelSet;
import dev.wisp.billing.ledger.AppendOutcome;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerSql;
import dev.wisp.billing.ledger.PriceBookDigest;
import dev.wisp.contracts.revision.RevisionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A ledger with everything in it: several namespaces and days, late records, corrections, roots and a day that was dropped. */
class VerificationIT {

    private static final long SEED = 20_261_127;
    private static final int TAMPERINGS = 100;
    private static final Instant NOW = FilledLedger.NOW;

    private static LedgerDatabase database;

    @BeforeAll
    static void fillALedger() throws Exception {
        database = LedgerDatabase.create();
        FilledLedger.fill(database);
    }

    @AfterAll
    static void dropLedger() throws Exception {
        database.close();
    }

    @Test
    void aLedgerThatNobodyTouchedIsClean() throws SQLException {
        VerificationReport report = Verification.run(database.dataSource(), NOW);

        assertThat(report.finding()).isNull();
        assertThat(report.clean()).isTrue();
        assertThat(report.checks()).hasSize(24);
        assertThat(database.number("SELECT count(*) FROM billing.invocation WHERE id_day = '2026-11-21'"))
                .isZero();
        assertThat(database.number(
                        "SELECT sum(invocations) FROM billing.usage_day WHERE bucket = '2026-11-21T00:00:00Z'"))
                .isEqualByComparingTo("15");
        assertThat(database.number("SELECT count(*) FROM billing.correction")).isEqualByComparingTo("3");
        assertThat(database.number("SELECT count(*) FROM billing.day_root")).isEqualByComparingTo("2");
    }

    /** What has nothing in a column that was added later has the bytes, and so the hash, of before there was that column. */
    @Test
    void aRowIsHashedUpToItsLastColumnWithSomethingInIt() throws SQLException {
        String calls = columns(LedgerSql.bytes(), "billing.invocation AS r");
        assertThat(database.number(calls + " WHERE attempt = 0 AND cpu_millicores = 0 AND start_parts = ''"))
                .isEqualByComparingTo("27");
        assertThat(database.number(calls + " WHERE attempt = 0 AND cpu_millicores = 0 AND start_parts <> ''"))
                .isEqualByComparingTo("28");
        assertThat(database.number(calls + " WHERE cpu_millicores > 0 AND attempt = 0"))
                .isEqualByComparingTo("29");
        assertThat(database.number(calls + " WHERE attempt > 0")).isEqualByComparingTo("32");
        String prices = columns(PriceBookDigest.bytes("r"), "billing.price_book AS r");
        assertThat(database.number(prices + " WHERE version = 1")).isEqualByComparingTo("11");
        assertThat(database.number(prices + " WHERE version = 2")).isEqualByComparingTo("12");
        String corrections = columns(Corrections.bytes("r"), "billing.correction AS r");
        assertThat(database.number(corrections + " WHERE vcpu_millicore_ms = 0"))
                .isEqualByComparingTo("15");
        assertThat(database.number(corrections + " WHERE vcpu_millicore_ms < 0"))
                .isEqualByComparingTo("16");
    }

    /** How many the rows' bytes begin with; fails when they are not of one mind. */
    private static String columns(String bytes, String table) {
        return "SELECT CASE WHEN count(DISTINCT get_byte(%1$s, 3)) = 1 THEN max(get_byte(%1$s, 3)) ELSE -1 END FROM %2$s"
                .formatted(bytes, table);
    }

    /** A table that is added has to be one that is tampered with, or there has to be a reason. */
    @Test
    void everyTableIsTamperedWithOrIsNoPartOfTheLedger() throws SQLException {
        Set<String> tables = new TreeSet<>(Tampering.TABLES);
        tables.addAll(Tampering.NOT_OF_THE_LEDGER);
        assertThat(database.texts(
                        "SELECT 'billing.' || relname FROM pg_class WHERE relnamespace = 'billing'::regnamespace"
                                + " AND relkind IN ('r', 'p') AND NOT relispartition"))
                .containsExactlyInAnyOrderElementsOf(tables);
    }

    /** Reading goes on from where somebody has put it, and what is written afterwards does not make it right. */
    @Test
    void anOffsetThatWasMovedStaysFoundWhenReadingGoesOn() throws Exception {
        try (LedgerDatabase moved = LedgerDatabase.create()) {
            Ledger ledger = new Ledger(moved.dataSource());
            ledger.offsets("wisp.invocations", Set.of(0, 1));
            assertThat(ledger.append(read(0, 40))).isInstanceOf(AppendOutcome.Stored.class);
            assertThat(Verification.run(moved.dataSource(), NOW).finding()).isNull();

            moved.execute("UPDATE billing.ingest_offset SET next_offset = 50 WHERE partition = 0");
            assertThat(ledger.append(read(50, 60))).isInstanceOf(AppendOutcome.Stored.class);
            ledger.offsets("wisp.invocations", Set.of(0, 1, 2));

            assertThat(Verification.run(moved.dataSource(), NOW).finding())
                    .isEqualTo("billing.ingest_offset: its rows are not those that were sealed");
        }
    }

    /** What is known of a revision stays; another one of its name has its own labels from the next day on. */
    @Test
    void labelsOfWhatWasUsedDoNotChange() throws SQLException {
        RevisionId hello = new RevisionId("shop", "hello-00001");
        LocalDate madeOn = LocalDate.of(2026, 11, 23);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            LabelRows.put(connection, List.of(new LabelSet(hello, "uid-3", madeOn, Map.of("team", "other"))));
            assertThat(teams(connection, hello)).containsExactly("shop until infinity");

            LabelRows.put(connection, List.of(new LabelSet(hello, "uid-9", madeOn, Map.of("team", "forgotten"))));
            LabelRows.put(connection, List.of(new LabelSet(hello, "uid-10", madeOn, Map.of("team", "other"))));
            assertThat(teams(connection, hello)).containsExactly("shop until tomorrow", "other until infinity");
            assertThat(Verification.inTransaction(connection, NOW).finding()).isNull();

            LabelRows.put(connection, List.of(new LabelSet(hello, "uid-11", madeOn, Map.of())));
            assertThat(teams(connection, hello)).containsExactly("shop until tomorrow");
            assertThat(Verification.inTransaction(connection, NOW).finding()).isNull();
            connection.rollback();
        }
    }

    /** Labels of before services were told apart are those of the next one that has the same, and of none after it. */
    @Test
    void labelsOfBeforeServicesWereToldApartAreThoseOfOne() throws SQLException {
        RevisionId older = new RevisionId("shop", "older-00001");
        LocalDate madeOn = LocalDate.of(2026, 11, 22);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            LabelSet known = new LabelSet(older, "uid-1", madeOn, Map.of("team", "web"));
            LabelRows.put(connection, List.of(new LabelSet(older, "", madeOn, Map.of("team", "web"))));
            LabelRows.put(connection, List.of(known));
            assertThat(teams(connection, older)).containsExactly("web until infinity");

            LabelRows.put(connection, List.of(new LabelSet(older, "uid-2", madeOn, Map.of("team", "api"))));
            LabelRows.put(connection, List.of(known));
            assertThat(teams(connection, older)).containsExactly("web until tomorrow", "api until infinity");

            LabelRows.put(connection, List.of(new LabelSet(older, "uid-3", madeOn, Map.of("team", "web"))));
            assertThat(teams(connection, older)).containsExactly("web until tomorrow", "web until infinity");
            assertThat(Verification.inTransaction(connection, NOW).finding()).isNull();
            connection.rollback();
        }
    }

    private static List<String> teams(Connection connection, RevisionId revision) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery(
                        "SELECT value || ' until ' || CASE counts_until WHEN 'infinity' THEN 'infinity'"
                                + " WHEN date_trunc('day', now(), 'UTC') + interval '1 day' THEN 'tomorrow' ELSE counts_until::text END"
                                + " FROM billing.revision_label WHERE namespace = 'shop' AND revision = '%s' AND name = 'team' ORDER BY counts_from"
                                        .formatted(revision.name()))) {
            List<String> teams = new ArrayList<>();
            while (row.next()) {
                teams.add(row.getString(1));
            }
            return teams;
        }
    }

    private static LedgerBatch read(long from, long to) {
        return new LedgerBatch("wisp.invocations", Map.of(0, from), Map.of(0, to), List.of(), List.of());
    }

    @Test
    void anyOneRowThatWasTamperedWithIsFound() throws SQLException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> missed = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < TAMPERINGS; i++) {
                String table = Tampering.TABLES.get(i % Tampering.TABLES.size());
                String done = new Tampering(connection, random).once(table);
                if (Verification.inTransaction(connection, NOW).clean()) {
                    missed.add(done);
                }
                connection.rollback();
            }
        }

        assertThat(missed).as("seed=%d", SEED).isEmpty();
    }

    @Test
    void saysWhatIsWrong() throws SQLException {
        assertThat(
                        findingAfter(
                                "DELETE FROM billing.invocation WHERE invocation_id = (SELECT invocation_id FROM billing.invocation WHERE id_day = '2026-11-23' ORDER BY invocation_id DESC LIMIT 1)"))
                .matches("records of namespace '.*' on 2026-11-23, batch \\d+: \\d+, and \\d+ were stored");
        assertThat(findingAfter("UPDATE billing.usage_hour SET cost_picos = cost_picos + 1"))
                .startsWith("sums by hour: 2026-11-2")
                .endsWith("are not those of the sums by minute");
        assertThat(findingAfter("UPDATE billing.billed_day SET requests = requests + 1 WHERE day = '2026-11-23'"))
                .isEqualTo("billed sums of 2026-11-23: account default, price version 1 are not those of the records");
        assertThat(findingAfter("UPDATE billing.billed_day SET bytes_out = bytes_out + 1 WHERE day = '2026-11-21'"))
                .isEqualTo("billed sums of 2026-11-21: not those that were sealed when records were dropped");
        assertThat(findingAfter("UPDATE billing.price_book SET per_request_picos = 0"))
                .isEqualTo("price book 1: it was changed");
        assertThat(findingAfter("UPDATE billing.correction SET reason = 'none' WHERE number = 2"))
                .isEqualTo("correction 2: it was changed");
        assertThat(findingAfter("DELETE FROM billing.chain WHERE namespace = 'default' AND seq = 2"))
                .isEqualTo("chain of namespace 'default': link 3 follows link 1");
        assertThat(findingAfter("DELETE FROM billing.day_root WHERE number = 2"))
                .isEqualTo("root 2: it is missing");
        assertThat(findingAfter("UPDATE billing.label_set SET labels = '{\"team\": \"x\"}' WHERE namespace = 'shop'"))
                .matches("labels of namespace 'shop', batch \\d+: at least one was changed");
        assertThat(findingAfter("UPDATE billing.revision_label SET value = 'x' WHERE namespace = 'shop'"))
                .startsWith("label 'team' of revision shop/hello-00001 from 2026-11-23 ");
        assertThat(findingAfter("DELETE FROM billing.rejected"))
                .isEqualTo("billing.rejected: 0 rows, and 1 are sealed");
        assertThat(findingAfter("UPDATE billing.node_cpu SET counted_us = counted_us - 1 WHERE period = 1"))
                .isEqualTo("billing.node_cpu: its rows are not those that were sealed");
        assertThat(findingAfter("UPDATE billing.redated SET arrived_at = '2026-11-23T00:00:00Z'"))
                .isEqualTo("billing.redated: its rows are not those that were sealed");
        assertThat(findingAfter("DELETE FROM billing.seal WHERE name = 'rejected'"))
                .isEqualTo("billing.rejected: its seal is missing");
        assertThat(findingAfter("UPDATE billing.node_calls SET cpu_us = cpu_us + 1"))
                .matches("processor time of calls on node .+ that ended in tick \\d+: \\d+, the records say \\d+");
    }

    @Test
    void aLedgerOfBeforeThereWasAChainGetsLinksAndIsClean() throws Exception {
        try (LedgerDatabase older = LedgerDatabase.createAt("2.2")) {
            older.execute(
                    "CREATE TABLE billing.invocation_20261123 PARTITION OF billing.invocation FOR VALUES FROM ('2026-11-23') TO ('2026-11-24')");
            older.execute(
                    "INSERT INTO billing.invocation SELECT '2026-11-23', gen_random_uuid(), '2026-11-23T10:00:00Z', 'default',"
                            + " 'ns-' || n % 3, 'hello', 'hello-00001', 'i', 'node', 'GET', 200, 0, 1, 0, 1000, false, 1, 0, false, 0, 0, 0, 0,"
                            + " 1, 200000, 0 FROM generate_series(1, 30) AS n");
            for (String window : List.of("minute", "hour", "day")) {
                older.execute(
                        "INSERT INTO billing.usage_%1$s SELECT date_trunc('%1$s', received_at, 'UTC'), account, namespace, service, revision, price_version, count(*), 0, 0, sum(queue_us), 0, sum(app_us), sum(billed_ms), 0, 0, 0, 0, sum(cost_picos) FROM billing.invocation GROUP BY 1, 2, 3, 4, 5, 6"
                                .formatted(window));
            }

            older.migrate();

            assertThat(Verification.run(older.dataSource(), NOW).finding()).isNull();
        }
    }

    /** Ten stretches of a second idle and two frozen, of which one is on a day whose sums by minute were sealed: those stay, the bill has all. */
    @Test
    void timeOfInstancesOfBeforeItWasSummedIsInTheSums() throws Exception {
        try (LedgerDatabase waited = LedgerDatabase.createAt("2.11");
                Connection connection = waited.dataSource().getConnection();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE billing.instance_time_all PARTITION OF billing.instance_time FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')");
            statement.execute(
                    "INSERT INTO billing.instance_time SELECT '2026-11-20', gen_random_uuid(), '2026-11-20T10:00:00Z'::timestamptz"
                            + " + n * interval '1 hour' - CASE WHEN n = 10 THEN interval '1 day' ELSE interval '0' END, 'default', 'ns',"
                            + " 'hello', 'hello-00001', 'i', 'node', 0, 0, 1000000, 2000000, 0, 0, false, 1000, 8, 1, n, 1, 1"
                            + " FROM generate_series(1, 10) AS n");
            statement.execute("INSERT INTO billing.retired_day VALUES (1, '2026-11-18', 1, 0, sha256(''), sha256(''))");

            waited.migrate();

            for (String sums : List.of("usage_minute 9", "usage_hour 9", "usage_day 9", "billed_day 10")) {
                String[] table = sums.split(" ");
                long times = Long.parseLong(table[1]);
                try (java.sql.ResultSet row = statement.executeQuery(
                        "SELECT sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us) FROM billing."
                                + table[0])) {
                    row.next();
                    assertThat(List.of(row.getLong(1), row.getLong(2), row.getLong(3)))
                            .as(table[0])
                            .containsExactly(times * 1_000_000_000, times * 8_000_000, times * 16_000_000);
                }
            }
        }
    }

    private static String findingAfter(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                java.sql.Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            String finding = Verification.inTransaction(connection, NOW).finding();
            connection.rollback();
            return String.valueOf(finding);
        }
    }
}
