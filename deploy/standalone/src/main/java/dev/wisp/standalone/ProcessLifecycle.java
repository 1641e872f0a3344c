package dev.wisp.standalone;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * First and last in the life of the process: says when the services have started, and stops Kafka and Postgres once they have stopped.
 * Ready means started, not that every server answers: a service without its broker still serves.
 */
@Readiness
@ApplicationScoped
class ProcessLifecycle implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(ProcessLifecycle.class);
    private static final int LAST = Integer.MAX_VALUE - 1;

    void started(@Observes @Priority(LAST) StartupEvent event) {
        StandaloneProcess.current().phases().done("services");
    }

    void stopped(@Observes @Priority(LAST) ShutdownEvent event) {
        try {
            StandaloneProcess.current().stop();
        } catch (IOException e) {
            LOG.warnf(e, "cleaning up the home");
        }
    }

    @Override
    public HealthCheckResponse call() {
        Set<String> pending = StandaloneProcess.current().phases().pending();
        return HealthCheckResponse.named("started")
                .status(pending.isEmpty())
                .withData("pending", String.join(",", pending))
                .build();
    }
}
