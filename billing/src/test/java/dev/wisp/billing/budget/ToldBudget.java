package dev.wisp.billing.budget;

import dev.wisp.contracts.budget.BudgetAction;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
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
                false);
    }
}
