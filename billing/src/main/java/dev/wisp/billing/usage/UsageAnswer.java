package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/usage}.
 *
 * @param data windows in which something happened, oldest first
 * @param total of everything that was asked for: exactly the sum of the data of all pages
 * @param nextCursor for the next page, absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageAnswer(
        Instant from,
        Instant to,
        UsageWindow window,
        String currency,
        List<Window> data,
        UsageFigures total,
        @Nullable String nextCursor) {

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

    /**
     * @param rows of the page, without the one that says that there is another
     * @param more whether there is another
     */
    static UsageAnswer of(UsagePage page, String currency, List<UsageRow> rows, UsageSums total, boolean more) {
        UsageQuery query = page.query();
        return new UsageAnswer(
                query.from(),
                query.to(),
                query.window(),
                currency,
                rows.stream().map(row -> window(query.window(), row)).toList(),
                UsageFigures.of(total),
                more ? UsageCursor.of(query, rows.getLast()).encode() : null);
    }

    private static Window window(UsageWindow window, UsageRow row) {
        return new Window(
                row.windowStart(), window.plus(row.windowStart(), 1), row.groups(), UsageFigures.of(row.sums()));
    }
}
