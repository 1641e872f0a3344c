package dev.wisp.billing.console;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps a {@link Fleet} up to date from the topics. */
@Singleton
class FleetWatch {

    private final Bus bus;
    private final String services;
    private final Fleet fleet = new Fleet();
    private List<Bus.Subscription> subscriptions = List.of();

    FleetWatch(Bus bus, @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.bus = bus;
        this.services = services;
    }

    Fleet fleet() {
        return fleet;
    }

    void start(@Observes StartupEvent event) {
        if (Services.parse(services).runs(Service.BILLING)) {
            subscriptions = List.of(
                    bus.subscribe(Topics.REVISIONS, fleet::revision),
                    bus.subscribe(Topics.ROUTES, fleet::route),
                    bus.subscribe(Topics.INSTANCES, fleet::instance));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        subscriptions.forEach(Bus.Subscription::close);
    }
}
