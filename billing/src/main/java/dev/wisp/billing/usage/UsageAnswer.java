package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Answer to {@code GET /v1/usage}.
 *
 * @param data windows in which something happened, oldest first
 * @param total of all of data: exactly their sum
 */
public record UsageAnswer(
        Instant from, Instant to, UsageWindow window, String currency, List<Window> data, UsageFigures total) {

    /**
     * One window of one group.
     *
     * @param groupBy name and value of what was grouped by
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Window(
            Instant windowStart,
            Instant windowEnd,
            Map<String, String> groupBy,
            @JsonUnwrapped UsageFigures figures) {}

    public UsageAnswer {
        data = List.copyOf(data);
    }

    static UsageAnswer of(UsageQuery query, String currency, List<UsageRow> rows) {
        UsageSums total = rows.stream().map(UsageRow::sums).reduce(UsageSums.NONE, UsageSums::plus);
        return new UsageAnswer(
                query.from(),
                query.to(),
                query.window(),
                currency,
                rows.stream().map(row -> window(query.window(), row)).toList(),
                UsageFigures.of(total));
    }

    private static Window window(UsageWindow window, UsageRow row) {
        return new Window(
                row.windowStart(), window.plus(row.windowStart(), 1), row.groups(), UsageFigures.of(row.sums()));
    }
}
