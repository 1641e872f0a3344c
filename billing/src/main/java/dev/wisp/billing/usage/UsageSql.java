package dev.wisp.billing.usage;

import dev.wisp.billing.label.LabelRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One statement for a question; values are parameters, and every other part is one of the program's own constants. */
record UsageSql(String text, Map<String, Object> parameters) {

    /** Rows of an answer that comes whole; more is a question that should be narrower. */
    static final int ROWS_MAX = 20_000;

    /** All rows, and one more than may be. */
    static UsageSql of(UsageQuery query) {
        return of(new UsagePage(query, ROWS_MAX, null));
    }

    /** The sums over everything that the question is about: one row. */
    static UsageSql total(UsageQuery query) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        String text = "SELECT %s FROM %s AS used WHERE %s"
                .formatted(UsageSums.SQL, query.window().table(), conditions(query, parameters));
        return new UsageSql(text, parameters);
    }

    /** The rows of a page, and one more that says whether there is a next. */
    static UsageSql of(UsagePage page) {
        UsageQuery query = page.query();
        Map<String, Object> parameters = new LinkedHashMap<>();
        String start = query.window().start();
        StringJoiner keys = new StringJoiner(", ");
        List<String> grouped = new ArrayList<>();
        keys.add("(extract(epoch FROM %s))::bigint".formatted(start));
        for (UsageGroup group : UsageGroup.values()) {
            keys.add(query.groupBy().contains(group) ? "used." + group.column() : "CAST(NULL AS text)");
            if (query.groupBy().contains(group)) {
                grouped.add("used." + group.column());
            }
        }
        StringBuilder from = new StringBuilder(query.window().table()).append(" AS used");
        for (int i = 0; i < query.groupByLabels().size(); i++) {
            keys.add("coalesce(label%d.value, '')".formatted(i));
            grouped.add("coalesce(label%d.value, '')".formatted(i));
            from.append((" LEFT JOIN billing.revision_label AS label%1$d ON label%1$d.namespace = used.namespace"
                            + " AND label%1$d.revision = used.revision AND label%1$d.name = :label%1$d AND %2$s")
                    .formatted(i, LabelRows.counts("label" + i, "used.bucket")));
            parameters.put("label" + i, query.groupByLabels().get(i));
        }
        String groups = IntStream.rangeClosed(
                        2,
                        1 + UsageGroup.values().length + query.groupByLabels().size())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        String text = "SELECT %1$s, %2$s FROM %3$s WHERE %4$s GROUP BY %5$s, %6$s ORDER BY %5$s, %6$s LIMIT %7$d"
                .formatted(
                        keys,
                        UsageSums.SQL,
                        from,
                        conditions(query, parameters) + after(page, start, grouped, parameters),
                        start,
                        groups,
                        page.limit() + 1);
        return new UsageSql(text, parameters);
    }

    /** The groups are the same for all rows of one, so that rows can be left out before they are summed. */
    private static String after(UsagePage page, String start, List<String> grouped, Map<String, Object> parameters) {
        UsageCursor after = page.after();
        if (after == null) {
            return "";
        }
        StringJoiner values = new StringJoiner(", ").add("to_timestamp(:after)");
        parameters.put("after", after.start().getEpochSecond());
        for (int i = 0; i < grouped.size(); i++) {
            values.add(":after" + i);
            parameters.put("after" + i, after.groups().get(i));
        }
        StringJoiner key = new StringJoiner(", ").add(start);
        grouped.forEach(key::add);
        return " AND bucket >= to_timestamp(:after) AND ROW(%s) > ROW(%s)".formatted(key, values);
    }

    private static String conditions(UsageQuery query, Map<String, Object> parameters) {
        StringBuilder conditions = new StringBuilder("bucket >= to_timestamp(:from) AND bucket < to_timestamp(:to)");
        parameters.put("from", query.from().getEpochSecond());
        parameters.put("to", query.to().getEpochSecond());
        if (query.namespace() != null) {
            conditions.append(" AND used.namespace = :namespace");
            parameters.put("namespace", query.namespace());
        }
        if (query.service() != null) {
            conditions.append(" AND used.service = :service");
            parameters.put("service", query.service());
        }
        int number = 0;
        for (Map.Entry<String, String> label : query.labels().entrySet()) {
            conditions.append((" AND EXISTS (SELECT FROM billing.revision_label AS wanted WHERE wanted.name = :name%1$d"
                            + " AND wanted.value = :value%1$d AND wanted.namespace = used.namespace"
                            + " AND wanted.revision = used.revision AND %2$s)")
                    .formatted(number, LabelRows.counts("wanted", "used.bucket")));
            parameters.put("name" + number, label.getKey());
            parameters.put("value" + number, label.getValue());
            number++;
        }
        return conditions.toString();
    }
}
