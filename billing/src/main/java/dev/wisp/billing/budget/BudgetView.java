package dev.wisp.billing.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A budget as answers have it.
 *
 * @param spent this month
 * @param forecast the month at its pace so far
 * @param usedPercent of the amount, rounded down
 * @param resetsAt when the next month begins
 * @param notices of this month
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BudgetView(
        String name,
        @Nullable String namespace,
        String currency,
        String amount,
        List<Integer> actual,
        List<Integer> forecastAt,
        String spent,
        String forecast,
        long usedPercent,
        Instant resetsAt,
        List<Notice> notices) {

    /** A threshold that was crossed, and whether someone was told. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Notice(
            Threshold.Kind kind,
            int percent,
            Instant crossedAt,
            @Nullable Instant deliveredAt,
            int attempts,
            @Nullable String lastError) {}

    public BudgetView {
        notices = List.copyOf(notices);
    }
}
