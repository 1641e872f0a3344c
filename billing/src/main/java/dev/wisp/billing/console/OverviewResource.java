package dev.wisp.billing.console;

import dev.wisp.billing.console.Fleet.DeployedService;
import dev.wisp.billing.usage.ServiceName;
import dev.wisp.billing.usage.Usage;
import dev.wisp.billing.usage.UsageFigures;
import dev.wisp.billing.usage.UsageSums;
import dev.wisp.billing.usage.UsageWindow;
import dev.wisp.contracts.instance.InstanceEvent;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/overview}: every service with its instances and cost, for the first page of the console. */
@Path("/v1/overview")
@Produces(MediaType.APPLICATION_JSON)
public class OverviewResource {

    private static final int DAY_HOURS = 24;

    private final Usage usage;
    private final FleetWatch watch;
    private final ConsoleConfig config;
    private final InstantSource clock = InstantSource.system();

    OverviewResource(Usage usage, FleetWatch watch, ConsoleConfig config) {
        this.usage = usage;
        this.watch = watch;
        this.config = config;
    }

    @GET
    public Uni<Overview> overview() {
        Instant now = clock.instant();
        Instant dayFrom = UsageWindow.HOUR.plus(UsageWindow.HOUR.floor(now), -DAY_HOURS);
        Instant monthFrom = UsageWindow.MONTH.floor(now);
        return usage.currency()
                .chain(currency -> usage.byService(UsageWindow.HOUR, dayFrom, now)
                        .chain(day -> usage.byService(UsageWindow.MONTH, monthFrom, now)
                                .map(month -> overview(now, dayFrom, monthFrom, currency, day, month))));
    }

    private Overview overview(
            Instant now,
            Instant dayFrom,
            Instant monthFrom,
            String currency,
            Map<ServiceName, UsageSums> day,
            Map<ServiceName, UsageSums> month) {
        List<InstanceView> instances = watch.fleet().instances();
        Map<ServiceName, @Nullable DeployedService> services = new TreeMap<>();
        month.keySet().forEach(name -> services.put(name, null));
        watch.fleet().services().forEach(service -> services.put(service.name(), service));
        return new Overview(
                now,
                dayFrom,
                monthFrom,
                currency,
                services.entrySet().stream()
                        .map(entry -> service(entry.getKey(), entry.getValue(), instances, day, month))
                        .toList(),
                instances,
                total(day),
                total(month));
    }

    private Overview.Service service(
            ServiceName name,
            @Nullable DeployedService deployed,
            List<InstanceView> instances,
            Map<ServiceName, UsageSums> day,
            Map<ServiceName, UsageSums> month) {
        String host = deployed == null ? null : deployed.host();
        return new Overview.Service(
                name.namespace(),
                name.name(),
                host == null ? null : "http://%s:%d".formatted(host, config.gatewayPort()),
                deployed == null ? null : deployed.revision(),
                deployed != null,
                deployed == null ? null : deployed.deployedAt(),
                instances.stream()
                        .filter(instance -> instance.state() == InstanceEvent.State.READY)
                        .filter(instance -> new ServiceName(instance.namespace(), instance.service()).equals(name))
                        .count(),
                UsageFigures.of(day.getOrDefault(name, UsageSums.NONE)),
                UsageFigures.of(month.getOrDefault(name, UsageSums.NONE)));
    }

    private static UsageFigures total(Map<ServiceName, UsageSums> services) {
        return UsageFigures.of(services.values().stream().reduce(UsageSums.NONE, UsageSums::plus));
    }
}
