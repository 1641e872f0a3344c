package dev.wisp.contracts.budget;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What gateways have to know of a budget; only of those that do more than tell.
 *
 * @param scopeId changes with what is counted: leases of another one are void
 * @param namespace only its calls count, null for all
 * @param amount what may be spent until {@code resetsAt}
 * @param enforcedFrom for a cap: calls received from then on need money that was set aside
 * @param resetsAt when the next month begins
 * @param spent whether the records in the ledger have reached the amount
 * @param scarce whether a gateway was refused a lease that others hold: what lies idle is to be given back
 */
public record BudgetRule(
        String name,
        String scopeId,
        @Nullable String namespace,
        BudgetAction action,
        BigDecimal amount,
        String currency,
        Instant enforcedFrom,
        Instant resetsAt,
        boolean spent,
        boolean scarce) {

    public boolean covers(String otherNamespace) {
        return namespace == null || namespace.equals(otherNamespace);
    }
}
