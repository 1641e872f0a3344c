package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values of one meter by window and group, oldest window first.
 *
 * @param next what to ask for with {@code continue}, null at the end
 */
public record MeterPage(
        String meter,
        String unit,
        UsageWindow window,
        List<Value> data,
        @JsonProperty("continue") @Nullable String next) {

    /** One window of one group; a text, since a reader's floating point would round it. */
    public record Value(Instant windowStart, Instant windowEnd, String value, Map<String, String> groupBy) {}

    static MeterPage of(UsageMeter meter, UsageQuery query, List<UsageRow> rows, int from, int limit) {
        int to = Math.min(rows.size(), from + limit);
        List<Value> values = from >= to
                ? List.of()
                : rows.subList(from, to).stream()
                        .map(row -> value(meter, query.window(), row))
                        .toList();
        String next = to < rows.size() ? Integer.toString(to) : null;
        return new MeterPage(meter.slug(), meter.unit(), query.window(), values, next);
    }

    String csv() {
        StringBuilder csv = new StringBuilder("windowStart,windowEnd,namespace,service,revision,value\r\n");
        for (Value value : data) {
            csv.append(new StringJoiner(",", "", "\r\n")
                    .add(value.windowStart().toString())
                    .add(value.windowEnd().toString())
                    .add(value.groupBy().getOrDefault("namespace", ""))
                    .add(value.groupBy().getOrDefault("service", ""))
                    .add(value.groupBy().getOrDefault("revision", ""))
                    .add(value.value()));
        }
        return csv.toString();
    }

    private static Value value(UsageMeter meter, UsageWindow window, UsageRow row) {
        Map<String, String> groups = new TreeMap<>();
        put(groups, UsageGroup.NAMESPACE, row.namespace());
        put(groups, UsageGroup.SERVICE, row.service());
        put(groups, UsageGroup.REVISION, row.revision());
        return new Value(
                row.windowStart(),
                window.plus(row.windowStart(), 1),
                meter.of(row.sums()).toString(),
                groups);
    }

    private static void put(Map<String, String> groups, UsageGroup group, @Nullable String value) {
        if (value != null) {
            groups.put(group.column(), value);
        }
    }
}
