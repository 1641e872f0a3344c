package dev.wisp.billing.budget;

import dev.wisp.contracts.budget.BudgetAction;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Budgets for tests. */
final class ToldBudget {

    private ToldBudget() {}

    /** One that only tells. */
    static Budget of(
            String name, @Nullable String namespace, BigDecimal amount, List<Integer> actual, List<Integer> forecast) {
        return new Budget(
                name,
                namespace,
                amount,
                actual,
                forecast,
                BudgetAction.NOTIFY,
                UUID.randomUUID(),
                Instant.EPOCH,
                false,
                Map.of());
    }

    /** One that only tells, of revisions with these labels. */
    static Budget labelled(String name, BigDecimal amount, List<Integer> actual, Map<String, String> labels) {
        return new Budget(
                name,
                null,
                amount,
                actual,
                List.of(),
                BudgetAction.NOTIFY,
                UUID.randomUUID(),
                Instant.EPOCH,
                false,
                labels);
    }
}
