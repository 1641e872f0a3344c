package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import dev.wisp.node.image.ImageSettings;
import dev.wisp.node.metering.MeteringConfig;
import dev.wisp.node.metering.MeteringProxy;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Rehearses calls where gateway and node are in one process, until the JVM has compiled most of what a call needs: about half a minute
 * beside everything else. Nothing waits for it and nothing depends on it.
 */
@ApplicationScoped
class RehearsalAtStart {

    private static final Logger LOG = Logger.getLogger(RehearsalAtStart.class);
    private static final int AFTER_GATEWAY = 6_000;
    private static final int BEFORE_ALL = 1;
    /** What the journal of a rehearsal holds. */
    private static final int CALLS_MAX = 2_000;

    private static final Duration END = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Instance<SandboxRuntime> sandboxes;
    private final MeteringConfig metering;
    private final ImageSettings images;
    private final Services services;
    private final int calls;
    private final Path folder;
    private @Nullable Thread rehearsing;

    RehearsalAtStart(
            Vertx vertx,
            Instance<SandboxRuntime> sandboxes,
            MeteringConfig metering,
            ImageSettings images,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services,
            @ConfigProperty(name = "wisp.rehearsal.calls", defaultValue = "500") int calls,
            @ConfigProperty(name = "wisp.home", defaultValue = "/var/lib/wisp") String home) {
        this.vertx = vertx;
        this.sandboxes = sandboxes;
        this.metering = metering;
        this.images = images;
        this.services = Services.parse(services);
        this.calls = Math.min(calls, CALLS_MAX);
        this.folder = Path.of(home, "rehearsal");
    }

    void start(@Observes @Priority(AFTER_GATEWAY) StartupEvent event) {
        boolean both = services.runs(Service.GATEWAY) && services.runs(Service.NODE_RUNTIME);
        boolean able = MeteringProxy.unsupported() == null
                && System.getProperty("os.arch").equals("amd64");
        if (both && able && calls > 0) {
            rehearsing = Thread.ofPlatform().daemon().name("wisp-rehearsal").start(this::rehearse);
        }
    }

    /** What it uses is closed next. */
    void stop(@Observes @Priority(BEFORE_ALL) ShutdownEvent event) throws InterruptedException {
        Thread thread = rehearsing;
        if (thread != null) {
            thread.interrupt();
            thread.join(END);
        }
    }

    private void rehearse() {
        try {
            empty();
            List<Long> micros = new Rehearsal(vertx, sandboxes.get(), metering, images.folder(), folder).run(calls);
            LOG.infof(
                    "rehearsed %d calls, the first in %d us, half of the last %d within %d us",
                    micros.size(), micros.getFirst(), latest(micros).size(), median(latest(micros)));
        } catch (IOException | RuntimeException e) {
            LOG.infof("the first calls will be slower, for the rehearsal failed: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget();
        }
    }

    private static List<Long> latest(List<Long> micros) {
        return micros.subList(Math.max(0, micros.size() - 20), micros.size());
    }

    private static long median(List<Long> micros) {
        return micros.stream().sorted().skip(micros.size() / 2).findFirst().orElseThrow();
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
