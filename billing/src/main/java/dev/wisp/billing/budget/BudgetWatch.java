package dev.wisp.billing.budget;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.event.Webhook;
import dev.wisp.contracts.service.Services;
import io.micrometer.core.instrument.MeterRegistry;
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

/**
 * Compares spending with budgets again and again, and tells gateways of what binds; a store that is away is tried again in the next round. A
 * thread of its own tells the webhook: a receiver that takes its time must not keep gateways from hearing that a budget is spent.
 */
@Singleton
final class BudgetWatch {

    private static final Logger LOG = Logger.getLogger(BudgetWatch.class);

    private final BudgetConfig config;
    private final BudgetPass pass;
    private final RulePublisher rules;
    private final LeaseDesk leases;
    private final BudgetGauges gauges;
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final String services;
    private final InstantSource clock = SteadyClock.system();
    private final Thread thread =
            Thread.ofVirtual().name("wisp-billing-budgets").unstarted(this::compare);
    private final Thread deliveries =
            Thread.ofVirtual().name("wisp-billing-budget-notices").unstarted(this::deliver);

    BudgetWatch(
            BudgetConfig config,
            DataSource dataSource,
            Bus bus,
            MeterRegistry registry,
            @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.config = config;
        this.services = services;
        this.gauges = new BudgetGauges(registry);
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
            deliveries.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        leases.close();
        rules.close();
        thread.interrupt();
        deliveries.interrupt();
    }

    /** Something has changed that gateways should hear of now. */
    void poke() {
        pokes.offer(true);
    }

    private void deliver() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(config.period());
                pass.deliver(clock.instant());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("notices of budgets wait: %s", e.getMessage());
            }
        }
    }

    private void compare() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                pokes.poll(config.period().toMillis(), TimeUnit.MILLISECONDS);
                rules.runOnce(clock.instant());
                Budgets.Round round = pass.note(clock.instant());
                gauges.show(round.usedRatios());
                if (round.noted() > 0) {
                    LOG.infof("thresholds of budgets crossed count=%d", round.noted());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                LOG.debugf("budgets are not compared: %s", e.getMessage());
            }
        }
    }
}
