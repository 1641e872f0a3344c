package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
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

    /** With a column for each label that it was grouped by. */
    String csv(List<String> labels) {
        List<String> groups = new ArrayList<>(List.of("namespace", "service", "revision"));
        labels.forEach(name -> groups.add("label:" + name));
        StringBuilder csv = new StringBuilder("windowStart,windowEnd,%s,value\r\n".formatted(String.join(",", groups)));
        for (Value value : data) {
            StringJoiner row = new StringJoiner(",", "", "\r\n")
                    .add(value.windowStart().toString())
                    .add(value.windowEnd().toString());
            groups.forEach(group -> row.add(value.groupBy().getOrDefault(group, "")));
            csv.append(row.add(value.value()));
        }
        return csv.toString();
    }

    private static Value value(UsageMeter meter, UsageWindow window, UsageRow row) {
        return new Value(
                row.windowStart(),
                window.plus(row.windowStart(), 1),
                meter.of(row.sums()).toString(),
                row.groups());
    }
}
