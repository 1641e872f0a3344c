package dev.wisp.node.api;

import dev.wisp.node.image.ImageStore;
import dev.wisp.node.sandbox.Leak;
import dev.wisp.node.sandbox.LeakPolicy;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Looks at the host every minute for what sandboxes have left behind, shows how much it is, and logs what. */
final class LeakWatch implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final SandboxRuntime sandboxes;
    private final ImageStore images;
    private final Thread thread =
            Thread.ofPlatform().name("wisp-leaks").daemon().unstarted(this::run);
    private Map<Leak, Set<String>> strays = Map.of();
    private volatile Map<Leak, Set<String>> left = Map.of();

    LeakWatch(SandboxRuntime sandboxes, ImageStore images, MeterRegistry registry) {
        this.sandboxes = sandboxes;
        this.images = images;
        for (Leak leak : Leak.values()) {
            Gauge.builder(
                            "wisp.sandbox.leaks",
                            () -> left.getOrDefault(leak, Set.of()).size())
                    .tag("kind", leak.label())
                    .description("What sandboxes have left on the host, as seen at the last two looks")
                    .register(registry);
        }
    }

    LeakWatch start() {
        thread.start();
        return this;
    }

    /** One look; what is there at two in a row was left behind. */
    void runOnce() {
        Map<Leak, Set<String>> now = new EnumMap<>(Leak.class);
        now.putAll(sandboxes.strays());
        now.put(Leak.DIR, images.strays());
        Map<Leak, Set<String>> found = LeakPolicy.left(strays, now);
        found.forEach((leak, names) -> {
            if (!left.getOrDefault(leak, Set.of()).containsAll(names)) {
                Log.warnf("sandboxes have left something behind kind=%s: %s", leak.label(), names);
            }
        });
        strays = now;
        left = found;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PERIOD);
                runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                Log.warn("the host could not be looked at for what sandboxes have left behind", e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
