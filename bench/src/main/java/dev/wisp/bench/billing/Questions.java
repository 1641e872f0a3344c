package dev.wisp.bench.billing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the console and the usage API ask the database. */
final class Questions {

    private static final String SUMS =
            "sum(invocations), sum(errors), sum(cold_starts), sum(queue_us), sum(start_us), sum(app_us),"
                    + " sum(billed_ms), sum(cpu_us), sum(vcpu_millicore_ms), sum(memory_byte_ms), sum(bytes_in), sum(bytes_out),"
                    + " sum(cost_picos), sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us)";

    private Questions() {}

    /**
     * By what they show.
     *
     * @param last when the newest call came
     */
    static Map<String, String> at(Instant last) {
        LocalDate day = LocalDate.ofInstant(last, ZoneOffset.UTC);
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put(
                "overview: 24 hours by service",
                usage("hour", "hour", last.minus(24, ChronoUnit.HOURS), last, "namespace, service"));
        questions.put(
                "bill: month by service",
                usage(
                        "day",
                        "month",
                        day.withDayOfMonth(1).atStartOfDay().toInstant(ZoneOffset.UTC),
                        last,
                        "namespace, service"));
        questions.put("services: p95 of the last 200 calls of each", times(last));
        questions.put("bill: month as its invoice", billed("price_version", day.withDayOfMonth(1)));
        questions.put("bill: days behind its projection", billed("day", day.minusDays(28)));
        questions.put(
                "usage: 1,440 minutes",
                usage("minute", "minute", last.minus(24, ChronoUnit.HOURS), last, "NULL::text"));
        questions.put(
                "usage: 60 minutes by service",
                usage("minute", "minute", last.minus(1, ChronoUnit.HOURS), last, "namespace, service"));
        questions.put(
                "usage: 30 days by revision",
                usage("day", "day", last.minus(30, ChronoUnit.DAYS), last, "namespace, revision"));
        questions.put(
                "invocations: newest 50 of a service", newest("namespace = 'team-1' AND service = 'service-7'", day));
        questions.put("invocations: newest 50 of a namespace", newest("namespace = 'team-1'", day));
        questions.put(
                "invocations: newest 50 of all",
                "SELECT * FROM billing.invocation WHERE id_day >= '%s' ORDER BY id_day DESC, invocation_id DESC LIMIT 50"
                        .formatted(day.minusDays(1)));
        questions.put(
                "invocation: one by its id",
                "SELECT * FROM billing.invocation WHERE id_day = '%1$s' AND invocation_id = (SELECT invocation_id FROM billing.invocation WHERE id_day = '%1$s' LIMIT 1)"
                        .formatted(day));
        return questions;
    }

    /** Reads the whole answer; returns how long it took. */
    static long micros(Connection connection, String sql) throws SQLException {
        long begun = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                rows.getObject(1);
            }
        }
        return (System.nanoTime() - begun) / 1_000;
    }

    /** As {@code RecordSql} of billing asks it. */
    private static String newest(String names, LocalDate day) {
        return """
            SELECT record.* FROM (SELECT DISTINCT namespace, service FROM billing.usage_day WHERE %s) AS named
            CROSS JOIN LATERAL (SELECT * FROM billing.invocation
              WHERE hashtextextended(namespace || '/' || service, 0) = hashtextextended(named.namespace || '/' || named.service, 0)
                AND CASE WHEN namespace = named.namespace AND service = named.service THEN TRUE ELSE FALSE END AND id_day >= '%s'
              ORDER BY id_day DESC, invocation_id DESC LIMIT 51) AS record
            ORDER BY id_day DESC, invocation_id DESC LIMIT 51
            """.formatted(names, day.minusDays(1));
    }

    /** As {@code RecentTimes} of billing asks it. */
    private static String times(Instant last) {
        Instant since = last.minus(24, ChronoUnit.HOURS);
        return """
            SELECT named.namespace, named.service, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY micros),
              percentile_disc(0.95) WITHIN GROUP (ORDER BY micros)
            FROM (SELECT namespace, service FROM billing.usage_hour WHERE bucket >= '%s'
              GROUP BY namespace, service ORDER BY sum(invocations) DESC, namespace, service LIMIT 300) AS named
            CROSS JOIN LATERAL (SELECT queue_us + start_us + app_us AS micros FROM billing.invocation WHERE id_day >= '%s'
                AND hashtextextended(namespace || '/' || service, 0) = hashtextextended(named.namespace || '/' || named.service, 0)
                AND CASE WHEN namespace = named.namespace AND service = named.service THEN TRUE ELSE FALSE END
              ORDER BY id_day DESC, invocation_id DESC LIMIT 200) AS call
            GROUP BY named.namespace, named.service
            """.formatted(since, LocalDate.ofInstant(since, ZoneOffset.UTC));
    }

    /** As {@code MonthUsage} of billing asks it for this month's bill and for the draft of its invoice. */
    private static String billed(String by, LocalDate from) {
        return """
            SELECT %s, sum(requests), sum(cpu_us), sum(vcpu_millicore_ms), sum(memory_byte_ms), sum(bytes_out),
              trunc(sum(idle_millicore_us) / 1000), trunc(sum(idle_memory_byte_us + frozen_memory_byte_us) / 1000)
            FROM billing.billed_day WHERE account = 'default' AND day >= '%s' AND day < '%s' GROUP BY 1
            """.formatted(by, from, from.plusMonths(2));
    }

    /** As {@code UsageSql} of billing asks it. */
    private static String usage(String table, String window, Instant from, Instant to, String groups) {
        String start = window.equals("month") ? "date_trunc('month', bucket, 'UTC')" : "bucket";
        String keys = groups.contains("::") ? "2" : groups;
        return "SELECT (extract(epoch FROM %s))::bigint, %s, %s FROM billing.usage_%s"
                        .formatted(start, groups, SUMS, table)
                + " WHERE bucket >= '%s' AND bucket < '%s' GROUP BY %s, %s ORDER BY %s LIMIT 20001"
                        .formatted(from, to, start, keys, start);
    }
}
