package dev.wisp.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BudgetGaugesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BudgetGauges gauges = new BudgetGauges(registry);

    @Test
    void aBudgetIsASeriesForAsLongAsThereIsOne() {
        gauges.show(Map.of("team", 0.25, "shop", 0.5));
        gauges.show(Map.of("team", 1.5, "shop", 0.5));

        assertThat(series()).isEqualTo(Map.of("team", 1.5, "shop", 0.5));

        gauges.show(Map.of("team", 1.5));

        assertThat(series()).isEqualTo(Map.of("team", 1.5));
    }

    private Map<String, Double> series() {
        Map<String, Double> found = new TreeMap<>();
        for (Gauge gauge : registry.find("wisp.billing.budget.used.ratio").gauges()) {
            found.put(Objects.requireNonNull(gauge.getId().getTag("budget")), gauge.value());
        }
        return found;
    }
}
