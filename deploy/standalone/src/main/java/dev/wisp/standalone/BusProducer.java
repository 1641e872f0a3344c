package dev.wisp.standalone;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The one connection to Kafka that the services of this process share. */
final class BusProducer {

    private final String bootstrapServers;

    BusProducer(@ConfigProperty(name = Settings.KAFKA) String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    @Produces
    @ApplicationScoped
    Bus bus() {
        return new KafkaBus(bootstrapServers, "wisp");
    }

    void close(@Disposes Bus bus) {
        bus.close();
    }
}
