package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.price.PriceBook;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MoneyGaugesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MoneyGauges gauges = new MoneyGauges(registry);

    @Test
    void showsTheBillCreditAndPricesOfTheCurrencyInForce() {
        gauges.show(PriceBook.DEFAULT, new BigDecimal("1.25"), new BigDecimal("10"));

        assertThat(value("wisp.billing.month.bill", "USD")).isEqualTo(1.25);
        assertThat(value("wisp.billing.credit.left", "USD")).isEqualTo(10);
        assertThat(registry.get("wisp.billing.unit.price")
                        .tag("meter", "requests")
                        .gauge()
                        .value())
                .isEqualTo(0.20e-6);
        assertThat(registry.get("wisp.billing.unit.price")
                        .tag("meter", "memory")
                        .gauge()
                        .value())
                .isEqualTo(0.0000025);
    }

    @Test
    void hasOneCurrencyAtATime() {
        gauges.show(PriceBook.DEFAULT, BigDecimal.ONE, BigDecimal.ONE);

        gauges.show(inEuro(), BigDecimal.TEN, BigDecimal.ZERO);

        assertThat(value("wisp.billing.month.bill", "EUR")).isEqualTo(10);
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("currency"))
                .containsOnly("EUR");
    }

    private double value(String name, String currency) {
        return registry.get(name).tag("currency", currency).gauge().value();
    }

    private static PriceBook inEuro() {
        return new PriceBook(2, "EUR", Instant.EPOCH, 1, 2, 3, 4, 5, 1, false);
    }
}
