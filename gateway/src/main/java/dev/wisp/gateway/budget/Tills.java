package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The budgets that bind, by whom they cover; immutable, so that a call finds out with one look that none covers it.
 *
 * @param byName all of them
 * @param byNamespace those of each namespace that has one of its own, with those of all
 * @param ofAll those that cover every namespace
 */
record Tills(Map<String, Till> byName, Map<String, List<Till>> byNamespace, List<Till> ofAll) {

    static final Tills NONE = new Tills(Map.of(), Map.of(), List.of());

    List<Till> covering(String namespace) {
        return byName.isEmpty() ? List.of() : byNamespace.getOrDefault(namespace, ofAll);
    }

    /** With what was said of one budget; money of the same scope stays in its purse. */
    Tills with(String name, @Nullable BudgetRule rule, Till.Money money) {
        Map<String, Till> next = new TreeMap<>(byName);
        Till before = next.remove(name);
        if (rule != null) {
            boolean same = before != null && before.rule().scopeId().equals(rule.scopeId());
            Till till = same && before != null ? before : new Till(rule, money);
            till.ruled(rule);
            next.put(name, till);
        }
        return of(next);
    }

    Collection<BudgetRule> rules() {
        return byName.values().stream().map(Till::rule).toList();
    }

    private static Tills of(Map<String, Till> byName) {
        List<Till> all = byName.values().stream()
                .filter(till -> till.rule().namespace() == null)
                .toList();
        Map<String, List<Till>> byNamespace = new HashMap<>();
        for (Till till : byName.values()) {
            String namespace = till.rule().namespace();
            if (namespace != null) {
                byNamespace
                        .computeIfAbsent(namespace, key -> new ArrayList<>(all))
                        .add(till);
            }
        }
        return new Tills(Map.copyOf(byName), Map.copyOf(byNamespace), all);
    }
}
