package dev.wisp.controller.registry;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Cleans up behind a killed process, in the process that runs the controller. */
@Singleton
final class RegistryStart {

    private final Services services;
    private final BlobStore store;

    RegistryStart(@ConfigProperty(name = Services.KEY, defaultValue = "all") String services, BlobStore store) {
        this.services = Services.parse(services);
        this.store = store;
    }

    void start(@Observes StartupEvent event) {
        if (!services.runs(Service.FUNCTION_CONTROLLER)) {
            return;
        }
        try {
            store.removeLeftovers();
        } catch (IOException e) {
            Log.warnf("leftovers of uploads stay on disk: %s", e.getMessage());
        }
    }
}
