package dev.wisp.billing.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.contracts.budget.BudgetAction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A budget as answers have it.
 *
 * @param spent this month: what its calls cost each by itself, and its instances' time without calls at the list's price
 * @param spentWaiting the part of it that is of instances without a call
 * @param forecast the month at its pace so far
 * @param usedPercent of the amount, rounded down
 * @param resetsAt when the next month begins
 * @param action what it does beside telling
 * @param state what it does to calls now
 * @param setAside what gateways hold of a cap: for calls under way and to come
 * @param left of a cap, what gateways may still be given
 * @param enforcedFrom when a cap begins
 * @param labels only revisions that have all of these, {@code name=value,name=value}
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
        String spentWaiting,
        String forecast,
        long usedPercent,
        Instant resetsAt,
        BudgetAction action,
        State state,
        @Nullable String setAside,
        @Nullable String left,
        @Nullable Instant enforcedFrom,
        @Nullable String labels,
        List<Notice> notices) {

    /** What becomes of calls. */
    public enum State {
        OPEN,
        THROTTLED,
        BLOCKED
    }

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
