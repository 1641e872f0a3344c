package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import dev.wisp.node.image.ImageSettings;
import dev.wisp.node.metering.MeteringConfig;
import dev.wisp.node.metering.MeteringProxy;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Rehearses a few calls where gateway and node are in one process. Nothing waits for it and nothing depends on it. */
@ApplicationScoped
class RehearsalAtStart {

    private static final Logger LOG = Logger.getLogger(RehearsalAtStart.class);
    private static final int AFTER_GATEWAY = 6_000;

    private final Vertx vertx;
    private final Instance<SandboxRuntime> sandboxes;
    private final MeteringConfig metering;
    private final ImageSettings images;
    private final Services services;
    private final int calls;
    private final Path folder;

    RehearsalAtStart(
            Vertx vertx,
            Instance<SandboxRuntime> sandboxes,
            MeteringConfig metering,
            ImageSettings images,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services,
            @ConfigProperty(name = "wisp.rehearsal.calls", defaultValue = "20") int calls,
            @ConfigProperty(name = "wisp.home", defaultValue = "/var/lib/wisp") String home) {
        this.vertx = vertx;
        this.sandboxes = sandboxes;
        this.metering = metering;
        this.images = images;
        this.services = Services.parse(services);
        this.calls = calls;
        this.folder = Path.of(home, "rehearsal");
    }

    void start(@Observes @Priority(AFTER_GATEWAY) StartupEvent event) {
        boolean both = services.runs(Service.GATEWAY) && services.runs(Service.NODE_RUNTIME);
        boolean able = MeteringProxy.unsupported() == null
                && System.getProperty("os.arch").equals("amd64");
        if (both && able && calls > 0) {
            Thread.ofPlatform().daemon().name("wisp-rehearsal").start(this::rehearse);
        }
    }

    private void rehearse() {
        try {
            empty();
            List<Long> micros = new Rehearsal(vertx, sandboxes.get(), metering, images.folder(), folder).run(calls);
            LOG.infof(
                    "rehearsed %d calls, the first in %d us, the last in %d us",
                    micros.size(), micros.getFirst(), micros.getLast());
        } catch (IOException | RuntimeException e) {
            LOG.infof("the first calls will be slower, for the rehearsal failed: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget();
        }
    }

    private void forget() {
        try {
            empty();
        } catch (IOException e) {
            LOG.debugf(e, "emptying %s", folder);
        }
    }

    /** Also what a killed process left. */
    private void empty() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
