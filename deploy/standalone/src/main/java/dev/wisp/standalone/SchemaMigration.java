package dev.wisp.standalone;

import dev.wisp.contracts.service.Services;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;

/**
 * Brings the database to the schema this build needs, as soon as there is a database: beside the start of the services, not before it,
 * so that a Postgres that is away delays the bookkeeping and nothing else.
 */
@ApplicationScoped
class SchemaMigration {

    private static final Logger LOG = Logger.getLogger(SchemaMigration.class);
    private static final Duration RETRY_FIRST = Duration.ofMillis(20);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);

    private final Flyway flyway;
    private final Services services;
    private volatile boolean stopping;

    SchemaMigration(Flyway flyway, @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.flyway = flyway;
        this.services = Services.parse(services);
    }

    void start(@Observes StartupEvent event) {
        if (Settings.needsPostgres(services)) {
            Thread.ofPlatform().daemon().name("schema-migration").start(this::migrate);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void migrate() {
        Duration wait = RETRY_FIRST;
        while (!stopping) {
            try {
                flyway.migrate();
                StandaloneProcess.current().phases().done("schema");
                return;
            } catch (FlywayException e) {
                LOG.debugf("schema migration waits for Postgres: %s", e.getMessage());
            }
            if (!slept(wait)) {
                return;
            }
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : doubled;
        }
    }

    private static boolean slept(Duration wait) {
        try {
            Thread.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
