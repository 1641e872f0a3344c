package dev.wisp.bench.billing;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wisp bench billing}. */
@Command(
        name = "billing",
        description = {
            "Records a second that the ledger takes in, beside COPY into the same table in the same run; then a ledger of many",
            "records: bytes each, and how long the console's questions take. Starts a Postgres of its own; needs no platform."
        })
public final class BillingCommand implements Callable<Integer> {

    private static final int DAYS = 10;
    private static final int ASKED = 20;
    /** So many that the first and the last, which nothing overlaps, do not weigh. */
    private static final int ROUND_BATCHES = 30;

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Records in the ledger that is asked (default: ${DEFAULT-VALUE}).")
    long records;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of ledger and COPY in turn (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Records in a transaction; billing takes 10000 (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "500000",
            description =
                    "Records before anything counts, until the JVM has compiled what takes them in (default: ${DEFAULT-VALUE}).")
    long warmUp;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results here too.")
    @Nullable
    Path json;

    @Override
    public Integer call() throws SQLException {
        if (records < batch || rounds < 1 || batch < 1 || batch > 100_000) {
            throw new BenchException("--batch: 1..100000, --rounds: at least 1, --records: at least one batch");
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        List<Series> series = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (WorkFolder folder = WorkFolder.create();
                BenchDatabase database = BenchDatabase.start(folder.path().resolve("postgres"))) {
            compare(database, ratios, notes);
            database.execute("TRUNCATE billing.invocation, billing.usage_minute, billing.usage_hour, billing.usage_day,"
                    + " billing.billed_day, billing.chain, billing.chain_head, billing.ingest_offset");
            fill(database, notes);
            ask(database, series);
        }
        Report report = new Report("billing", records, series, ratios, notes);
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    /** Each round takes as many records by both ways, so that both meet the same table and the same machine. */
    private void compare(BenchDatabase database, Map<String, Double> ratios, List<String> notes) throws SQLException {
        Calls calls = new Calls(start(), 100);
        CopyRun copy = new CopyRun(database);
        try (IngestRun ledger = new IngestRun(database)) {
            ledger.take(batches(calls, warmUp));
            ledger.reset();
            for (int round = 0; round < rounds; round++) {
                ledger.take(batches(calls, (long) ROUND_BATCHES * batch));
                copy.take(calls.next(ROUND_BATCHES * batch));
            }
            report(ledger, copy, ratios, notes);
        }
    }

    private static void report(IngestRun ledger, CopyRun copy, Map<String, Double> ratios, List<String> notes) {
        ratios.put("ledger / COPY, records a second", ledger.perSecond() / copy.perSecond());
        notes.add(rate("ledger, in turn with COPY: decoded, rated, stored, added up and linked", ledger.perSecond()));
        notes.add(rate("COPY of text into the same table, nothing else", copy.perSecond()));
    }

    private List<List<byte[]>> batches(Calls calls, long count) {
        List<List<byte[]>> batches = new ArrayList<>();
        for (long left = count; left > 0; left -= batch) {
            batches.add(calls.next((int) Math.min(batch, left)));
        }
        return batches;
    }

    private void fill(BenchDatabase database, List<String> notes) throws SQLException {
        Calls calls = new Calls(start(), DAYS * MICROS_PER_DAY / records);
        try (IngestRun ledger = new IngestRun(database)) {
            while (ledger.records() < records) {
                ledger.take(batches(calls, Math.min(10L * batch, records - ledger.records())));
            }
            notes.add(rate("ledger, all %d records".formatted(ledger.records()), ledger.perSecond()));
        }
        askOnce(database, notes);
        database.execute("VACUUM ANALYZE");
        long table = database.number(
                "SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'billing.invocation'::regclass");
        long indexes = database.number(
                "SELECT sum(pg_indexes_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'billing.invocation'::regclass");
        long sums = database.number(
                "SELECT pg_total_relation_size('billing.usage_minute') + pg_total_relation_size('billing.usage_hour')"
                        + " + pg_total_relation_size('billing.usage_day')");
        notes.add("bytes a record: %d in the table, %d in its indexes; %d MiB of sums and %d KiB of chain in all"
                .formatted(
                        table / records,
                        indexes / records,
                        sums >> 20,
                        database.number("SELECT pg_total_relation_size('billing.chain')") >> 10));
    }

    /** Before anything has been vacuumed or analysed by hand, as somebody would ask who looks right after a load. */
    private static void askOnce(BenchDatabase database, List<String> notes) throws SQLException {
        Instant last = last(database);
        try (Connection connection = database.dataSource().getConnection()) {
            for (Map.Entry<String, String> question : Questions.at(last).entrySet()) {
                long micros = Questions.micros(connection, question.getValue());
                notes.add(String.format(
                        Locale.ROOT, "once, right after the load: %s: %,d µs", question.getKey(), micros));
            }
        }
    }

    private static Instant last(BenchDatabase database) throws SQLException {
        return Instant.ofEpochSecond(
                database.number("SELECT extract(epoch FROM max(bucket))::bigint FROM billing.usage_minute"));
    }

    private static void ask(BenchDatabase database, List<Series> series) throws SQLException {
        Instant last = last(database);
        try (Connection connection = database.dataSource().getConnection()) {
            for (Map.Entry<String, String> question : Questions.at(last).entrySet()) {
                Samples samples = new Samples();
                for (int i = 0; i < ASKED; i++) {
                    samples.add(Questions.micros(connection, question.getValue()));
                }
                series.add(samples.series(question.getKey()));
            }
        }
    }

    /** Midnight, so that a day is whole. */
    private static Instant start() {
        return Instant.parse("2026-11-10T00:00:00Z");
    }

    private static String rate(String what, double perSecond) {
        return String.format(Locale.ROOT, "%s: %,.0f records/s", what, perSecond);
    }
}
