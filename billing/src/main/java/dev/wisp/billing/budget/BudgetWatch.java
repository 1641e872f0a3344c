package dev.wisp.billing.budget;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.event.Webhook;
import dev.wisp.contracts.service.Services;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Compares spending with budgets again and again, and tells gateways of what binds; a store that is away is tried again in the next round. */
@Singleton
final class BudgetWatch {

    private static final Logger LOG = Logger.getLogger(BudgetWatch.class);

    private final BudgetConfig config;
    private final BudgetPass pass;
    private final RulePublisher rules;
    private final LeaseDesk leases;
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final String services;
    private final InstantSource clock = InstantSource.system();
    private final Thread thread =
            Thread.ofVirtual().name("wisp-billing-budgets").unstarted(this::run);

    BudgetWatch(
            BudgetConfig config,
            DataSource dataSource,
            Bus bus,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.config = config;
        this.services = services;
        BudgetPass.Receiver receiver = config.webhook()
                .map(address -> new BudgetPass.Receiver(
                        new Webhook(
                                "wisp.billing.budget.webhook-secret",
                                config.webhookSecret().orElse("")),
                        address))
                .orElse(null);
        this.rules = new RulePublisher(bus, new LedgerWrites(dataSource));
        this.leases = new LeaseDesk(bus, new LeaseOffice(dataSource), clock, this::poke);
        this.pass = new BudgetPass(new LedgerWrites(dataSource), receiver, new SecureRandom());
    }

    void start(@Observes StartupEvent event) {
        if (Services.parse(services).runs(Services.Service.BILLING)) {
            rules.start();
            leases.start();
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        leases.close();
        rules.close();
        thread.interrupt();
    }

    /** Something has changed that gateways should hear of now. */
    void poke() {
        pokes.offer(true);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                pokes.poll(config.period().toMillis(), TimeUnit.MILLISECONDS);
                rules.runOnce(clock.instant());
                int noted = pass.runOnce(clock.instant());
                if (noted > 0) {
                    LOG.infof("thresholds of budgets crossed count=%d", noted);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("budgets are not compared: %s", e.getMessage());
            }
        }
    }
}
