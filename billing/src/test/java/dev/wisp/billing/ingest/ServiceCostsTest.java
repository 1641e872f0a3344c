package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InvocationRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServiceCostsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SplittableRandom random = new SplittableRandom(7);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ServiceCosts costs = new ServiceCosts(registry);

    @Test
    void hasACounterAServiceAndLetsGoOfTheOneCalledLongestAgo() {
        InvocationRecord first = call("s0");
        costs.add(first);
        for (int service = 1; service < ServiceCosts.SERVICES_MAX; service++) {
            costs.add(call("s" + service));
        }
        InvocationRecord again = call("s0");
        costs.add(again);

        costs.add(call("one-more"));

        assertThat(registry.getMeters()).hasSize(ServiceCosts.SERVICES_MAX);
        assertThat(registry.find("wisp.billing.service.amount")
                        .tag("faas_name", "s1")
                        .counter())
                .isNull();
        assertThat(registry.get("wisp.billing.service.amount")
                        .tag("faas_name", "s0")
                        .counter()
                        .count())
                .isEqualTo(first.costPicos() / 1e12 + again.costPicos() / 1e12);
    }

    private InvocationRecord call(String service) {
        return Invocations.success(NOW, service, random);
    }
}
