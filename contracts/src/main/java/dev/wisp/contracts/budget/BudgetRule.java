package dev.wisp.contracts.budget;

import dev.wisp.contracts.revision.RevisionSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What gateways have to know of a budget; only of those that do more than tell.
 *
 * @param scopeId changes with what is counted: leases of another one are void
 * @param namespace only its calls count, null for all
 * @param labels only calls of revisions that have all of these count
 * @param amount what may be spent until {@code resetsAt}
 * @param enforcedFrom for a cap: calls received from then on need money that was set aside
 * @param resetsAt when the next month begins
 * @param spent whether the records in the ledger have reached the amount, or for a cap what they and all leases come to is above it: no call
 *     is admitted then and no instance kept waiting
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
        boolean scarce,
        @Nullable Map<String, String> labels) {

    public BudgetRule {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    @Override
    public Map<String, String> labels() {
        return Objects.requireNonNull(labels, "labels");
    }

    /** Whether it is spent then: when its month is over it is not, whatever was last said of it. */
    public boolean isSpentAt(Instant now) {
        return spent && now.isBefore(resetsAt);
    }

    /** Whether calls of this revision count. */
    public boolean covers(RevisionSpec revision) {
        return (namespace == null || namespace.equals(revision.id().namespace()))
                && revision.labels().entrySet().containsAll(labels().entrySet());
    }
}
