package dev.wisp.billing.usage;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;

/**
 * Answer to {@code GET /v1/billing/current}: what this month has cost so far.
 *
 * @param from start of the month, UTC
 * @param to start of the next
 * @param total of all services: exactly their sum
 */
public record CurrentBill(Instant from, Instant to, String currency, List<Service> services, UsageFigures total) {

    /** One service's share. */
    public record Service(
            String namespace, String service, @JsonUnwrapped UsageFigures figures) {}

    public CurrentBill {
        services = List.copyOf(services);
    }
}
