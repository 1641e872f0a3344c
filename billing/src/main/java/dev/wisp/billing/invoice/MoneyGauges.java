package dev.wisp.billing.invoice;

import dev.wisp.contracts.price.PriceBook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The month's bill so far, credit that is left and prices in force, for dashboards: rounded to a double, the invoice's draft is exact.
 * Each names its currency, of which the platform has one at a time. One thread at a time.
 */
final class MoneyGauges {

    private static final double PICOS = 1e12;

    private final Shown bill;
    private final Shown credit;
    private final Shown prices;

    MoneyGauges(MeterRegistry registry) {
        bill = new Shown(MultiGauge.builder("wisp.billing.month.bill")
                .description("What this month's invoice would come to if the month ended now")
                .register(registry));
        credit = new Shown(MultiGauge.builder("wisp.billing.credit.left")
                .description("Credit that invoices have not taken yet")
                .register(registry));
        prices = new Shown(MultiGauge.builder("wisp.billing.unit.price")
                .description(
                        "Price in force of one of the meter's billed units, before free parts, steps and discounts")
                .register(registry));
    }

    void show(PriceBook book, BigDecimal billSoFar, BigDecimal creditLeft) {
        Tags currency = Tags.of("currency", book.currency());
        bill.show(Map.of(currency, billSoFar.doubleValue()));
        credit.show(Map.of(currency, creditLeft.doubleValue()));
        Map<Tags, Double> units = new LinkedHashMap<>();
        units.put(currency.and("meter", "requests"), book.perRequestPicos() / PICOS);
        units.put(currency.and("meter", "cpu"), book.perCpuSecondPicos() / PICOS);
        units.put(currency.and("meter", "vcpu"), book.perVcpuSecondPicos() / PICOS);
        units.put(currency.and("meter", "memory"), book.perGibSecondPicos() / PICOS);
        units.put(currency.and("meter", "egress"), book.perEgressGbPicos() / PICOS);
        prices.show(units);
    }

    /** Series stay while their labels do, and only their values change: a scrape in between misses none. */
    private static final class Shown {

        private final MultiGauge gauge;
        private volatile Map<Tags, Double> values = Map.of();
        private Set<Tags> shown = Set.of();

        Shown(MultiGauge gauge) {
            this.gauge = gauge;
        }

        void show(Map<Tags, Double> now) {
            values = Map.copyOf(now);
            if (!shown.equals(values.keySet())) {
                shown = values.keySet();
                gauge.register(shown.stream().map(this::row).toList(), true);
            }
        }

        private MultiGauge.Row<?> row(Tags tags) {
            return MultiGauge.Row.of(tags, () -> values.getOrDefault(tags, Double.NaN));
        }
    }
}
