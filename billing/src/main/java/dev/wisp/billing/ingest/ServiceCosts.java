package dev.wisp.billing.ingest;

import dev.wisp.contracts.invocation.InvocationRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came in of each service, as a counter with its name. There are never more than {@value #SERVICES_MAX}: for a service beyond, the one that was called
 * longest ago gives up its counter, and begins at nothing when it is called again, which Prometheus' {@code increase} allows for. Thread-safe.
 */
final class ServiceCosts {

    static final int SERVICES_MAX = 1_000;

    private static final double PICOS = 1e12;

    private final MeterRegistry registry;
    /** Least recently used first. */
    private final LinkedHashMap<Service, Counter> counters = new LinkedHashMap<>(16, 0.75f, true);

    private record Service(String namespace, String name) {}

    ServiceCosts(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void add(InvocationRecord record) {
        counters.computeIfAbsent(new Service(record.revision().namespace(), record.service()), this::counter)
                .increment(record.costPicos() / PICOS);
        if (counters.size() > SERVICES_MAX) {
            Map.Entry<Service, Counter> oldest = counters.pollFirstEntry();
            registry.remove(oldest.getValue());
        }
    }

    private Counter counter(Service service) {
        return Counter.builder("wisp.billing.service.amount")
                .tag("namespace", service.namespace())
                .tag("faas_name", service.name())
                .description(
                        "Cost of the records of a service, in the currency of the prices; rounded, the ledger is exact")
                .register(registry);
    }
}
