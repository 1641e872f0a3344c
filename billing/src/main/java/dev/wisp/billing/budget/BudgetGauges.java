package dev.wisp.billing.budget;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Set;

/** How far budgets are spent, a series each: there are at most a hundred. One thread at a time. */
final class BudgetGauges {

    private final MultiGauge gauge;
    private volatile Map<String, Double> ratios = Map.of();
    private Set<String> shown = Set.of();

    BudgetGauges(MeterRegistry registry) {
        this.gauge = MultiGauge.builder("wisp.billing.budget.used.ratio")
                .description("Of the budget's amount, what this month has spent; above 1 when it is over")
                .register(registry);
    }

    /** Series come and go with their budgets, and stay as they are otherwise: a scrape in between misses none. */
    void show(Map<String, Double> used) {
        ratios = Map.copyOf(used);
        if (!shown.equals(ratios.keySet())) {
            shown = ratios.keySet();
            gauge.register(shown.stream().map(this::row).toList(), true);
        }
    }

    private MultiGauge.Row<?> row(String budget) {
        return MultiGauge.Row.of(Tags.of("budget", budget), () -> ratios.getOrDefault(budget, Double.NaN));
    }
}
