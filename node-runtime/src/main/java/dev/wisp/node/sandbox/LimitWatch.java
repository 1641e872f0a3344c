package dev.wisp.node.sandbox;

import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks once a second which limits the running sandboxes have reached: the kernel refuses without telling anybody but the program, which may not tell. Three small
 * reads a sandbox; a frozen one cannot reach anything and is passed over.
 */
final class LimitWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LimitWatch.class);
    private static final long PERIOD_SECONDS = 1;

    private final Set<LinuxSandbox> sandboxes;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("wisp-sandbox-limits").daemon(true).factory());

    LimitWatch(Set<LinuxSandbox> sandboxes) {
        this.sandboxes = sandboxes;
        thread.scheduleWithFixedDelay(this::runOnce, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void runOnce() {
        for (LinuxSandbox sandbox : sandboxes) {
            try {
                sandbox.lookAtLimits();
            } catch (RuntimeException e) {
                LOG.debugf(e, "limits of instanceId=%s", sandbox.id());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(PERIOD_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
