package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.revision.RevisionSpec;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Caps that have no money left. No call of what they cover is admitted, so that nobody is served by instances that wait and go on costing. */
final class SpentCaps {

    private final TreeMap<String, BudgetRule> spent = new TreeMap<>();
    private Instant seenAt = Instant.MIN;

    /** Whether that changes what is held. */
    boolean see(String name, @Nullable BudgetRule rule) {
        BudgetRule now = rule != null && rule.action() == BudgetAction.CAP && rule.spent() ? rule : null;
        BudgetRule before = now == null ? spent.remove(name) : spent.put(name, now);
        return (before == null) != (now == null) || (before != null && now != null && !isOfSameMonth(before, now));
    }

    /** Whether time alone has changed what is held since this was last asked: gateways admit calls again when a cap's month is over. */
    boolean turned(Instant now) {
        Instant before = seenAt;
        seenAt = now;
        return spent.values().stream().anyMatch(rule -> rule.isSpentAt(before) != rule.isSpentAt(now));
    }

    /** Why nothing is held of a revision without calls, empty when no cap says so. */
    String reason(RevisionSpec revision, Instant now) {
        for (BudgetRule rule : spent.values()) {
            if (rule.isSpentAt(now) && rule.covers(revision)) {
                return "budget %s is spent, nothing is held until %s".formatted(rule.name(), rule.resetsAt());
            }
        }
        return "";
    }

    private static boolean isOfSameMonth(BudgetRule one, BudgetRule other) {
        return one.scopeId().equals(other.scopeId()) && one.resetsAt().equals(other.resetsAt());
    }
}
