package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/billing/instance-times}: newest first.
 *
 * @param nextCursor for the next page, absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceTimePage(
        List<InstanceTimeView> records, @Nullable String nextCursor) {

    public InstanceTimePage {
        records = List.copyOf(records);
    }

    /**
     * @param rows up to one more than {@code limit}
     */
    static InstanceTimePage of(List<InstanceTimeView> rows, int limit) {
        List<InstanceTimeView> shown = rows.subList(0, Math.min(limit, rows.size()));
        InstanceTimeView last = rows.size() > limit ? shown.getLast() : null;
        return new InstanceTimePage(shown, last == null ? null : new RecordCursor(last.day(), last.timeId()).encode());
    }
}
