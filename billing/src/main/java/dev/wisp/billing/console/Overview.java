package dev.wisp.billing.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.billing.usage.UsageFigures;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/overview}.
 *
 * @param at when it was true
 * @param dayFrom start of the hours counted in {@code day}: 24 whole ones and the running one
 * @param monthFrom start of the month, UTC
 * @param services deployed ones, and those that cost something this month
 * @param day of all services in the last 24 hours
 * @param month of all services this month: {@code calls} of {@code /v1/billing/current}
 */
public record Overview(
        Instant at,
        Instant dayFrom,
        Instant monthFrom,
        String currency,
        List<Service> services,
        List<InstanceView> instances,
        UsageFigures day,
        UsageFigures month) {

    /**
     * One service.
     *
     * @param deployed false for one that was deleted and is still on this month's bill
     * @param deployedAt when its newest revision was made; absent of one that was deleted
     * @param instances ready now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Service(
            String namespace,
            String name,
            @Nullable String url,
            @Nullable String revision,
            boolean deployed,
            @Nullable Instant deployedAt,
            long instances,
            UsageFigures day,
            UsageFigures month) {}

    public Overview {
        services = List.copyOf(services);
        instances = List.copyOf(instances);
    }
}
