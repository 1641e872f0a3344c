package dev.wisp.billing.reconcile;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.service.Services;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Compares once a minute, and shows the largest gap as a metric. */
@Singleton
final class ReconciliationWatch {

    private static final Logger LOG = Logger.getLogger(ReconciliationWatch.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LedgerWrites writes;
    private final String services;
    private final InstantSource clock = InstantSource.system();
    private final Thread thread =
            Thread.ofVirtual().name("wisp-billing-reconcile").unstarted(this::run);
    private volatile double gap;

    ReconciliationWatch(
            DataSource dataSource,
            MeterRegistry registry,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.writes = new LedgerWrites(dataSource);
        this.services = services;
        Gauge.builder("wisp.billing.reconciliation.gap.ratio", this, watch -> watch.gap)
                .description(
                        "Of the processor time that a node's kernel counted in the last hour, the part the ledger does not explain; the largest of all nodes")
                .register(registry);
    }

    void start(@Observes StartupEvent event) {
        if (Services.parse(services).runs(Services.Service.BILLING)) {
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PERIOD);
                gap = largest(clock.instant());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("processors are not compared: %s", e.getMessage());
            }
        }
    }

    private double largest(Instant now) throws SQLException {
        return writes.run(connection -> {
            Reconciliation.forget(connection, now);
            return Reconciliation.nodes(connection, now).stream()
                    .mapToDouble(node -> Math.abs(node.gap()))
                    .max()
                    .orElse(0);
        });
    }
}
