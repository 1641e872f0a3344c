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
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Compares once a minute, and shows the largest gaps as a metric. */
@Singleton
final class ReconciliationWatch {

    private static final Logger LOG = Logger.getLogger(ReconciliationWatch.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LedgerWrites writes;
    private final String services;
    private final InstantSource clock = InstantSource.system();
    private final Thread thread =
            Thread.ofVirtual().name("wisp-billing-reconcile").unstarted(this::run);
    private volatile double instanceGap;
    private volatile double callGap;

    ReconciliationWatch(
            DataSource dataSource,
            MeterRegistry registry,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.writes = new LedgerWrites(dataSource);
        this.services = services;
        gauge(registry, "instances", () -> instanceGap);
        gauge(registry, "calls", () -> callGap);
    }

    private static void gauge(MeterRegistry registry, String records, Supplier<Number> gap) {
        Gauge.builder("wisp.billing.reconciliation.gap.ratio", gap)
                .tag("records", records)
                .description(
                        "Of the processor time that a node's kernel counted in the last hour, the part that these records do not"
                                + " explain; the largest of all nodes")
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
                compare(clock.instant());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("processors are not compared: %s", e.getMessage());
            }
        }
    }

    private void compare(Instant now) throws SQLException {
        List<Reconciliation.Node> nodes = writes.run(connection -> {
            Reconciliation.forget(connection, now);
            return Reconciliation.nodes(connection, now);
        });
        instanceGap = largest(nodes, Reconciliation.Node::gap);
        callGap = largest(nodes, Reconciliation.Node::callGap);
    }

    private static double largest(List<Reconciliation.Node> nodes, ToDoubleFunction<Reconciliation.Node> gap) {
        return nodes.stream()
                .mapToDouble(node -> Math.abs(gap.applyAsDouble(node)))
                .max()
                .orElse(0);
    }
}
