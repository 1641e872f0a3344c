package dev.wisp.billing.usage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** One statement for a question; values are parameters, and every other part is one of the program's own constants. */
record UsageSql(String text, Map<String, Object> parameters) {

    /** Rows of one answer; more is a question that should be narrower. */
    static final int ROWS_MAX = 20_000;

    static UsageSql of(UsageQuery query) {
        String start = query.window().start();
        StringJoiner keys = new StringJoiner(", ");
        keys.add("(extract(epoch FROM %s))::bigint".formatted(start));
        for (UsageGroup group : UsageGroup.values()) {
            keys.add(query.groupBy().contains(group) ? group.column() : "CAST(NULL AS text)");
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        String text = "SELECT %1$s, %2$s FROM %3$s WHERE %4$s GROUP BY %5$s, 2, 3, 4 ORDER BY %5$s, 2, 3, 4 LIMIT %6$d"
                .formatted(
                        keys,
                        UsageSums.SQL,
                        query.window().table(),
                        conditions(query, parameters),
                        start,
                        ROWS_MAX + 1);
        return new UsageSql(text, parameters);
    }

    private static String conditions(UsageQuery query, Map<String, Object> parameters) {
        StringBuilder conditions = new StringBuilder("bucket >= to_timestamp(:from) AND bucket < to_timestamp(:to)");
        parameters.put("from", query.from().getEpochSecond());
        parameters.put("to", query.to().getEpochSecond());
        if (query.namespace() != null) {
            conditions.append(" AND namespace = :namespace");
            parameters.put("namespace", query.namespace());
        }
        if (query.service() != null) {
            conditions.append(" AND service = :service");
            parameters.put("service", query.service());
        }
        return conditions.toString();
    }
}
