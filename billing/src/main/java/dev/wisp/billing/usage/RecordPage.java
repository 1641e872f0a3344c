package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/billing/records}: newest first.
 *
 * @param nextCursor for the next page, absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordPage(
        List<InvocationView> records, @Nullable String nextCursor) {

    public RecordPage {
        records = List.copyOf(records);
    }

    /**
     * @param rows up to one more than {@code limit}
     */
    static RecordPage of(List<LedgerInvocation> rows, int limit) {
        List<LedgerInvocation> shown = rows.subList(0, Math.min(limit, rows.size()));
        boolean more = rows.size() > limit;
        return new RecordPage(
                shown.stream().map(InvocationView::of).toList(),
                more ? cursor(shown.getLast().key).encode() : null);
    }

    private static RecordCursor cursor(InvocationKey key) {
        return new RecordCursor(key.day(), key.id());
    }
}
