package dev.wisp.billing.budget;

import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hears what gateways ask of capped budgets, and answers. With the store away it is silent, and they ask again. */
public final class LeaseDesk implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LeaseDesk.class);

    private final Bus bus;
    private final LeaseOffice office;
    private final InstantSource clock;
    private final Runnable rulesChanged;
    private Bus.@Nullable Subscription subscription;

    /**
     * @param rulesChanged called when gateways have to be told whether money is scarce
     */
    public LeaseDesk(Bus bus, LeaseOffice office, InstantSource clock, Runnable rulesChanged) {
        this.bus = bus;
        this.office = office;
        this.clock = clock;
        this.rulesChanged = rulesChanged;
    }

    public void start() {
        subscription = bus.subscribe(Topics.LEASE_ASKS, this::asked);
    }

    @Override
    public void close() {
        Bus.Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    private void asked(String budget, @Nullable LeaseAsk ask) {
        if (ask == null) {
            return;
        }
        try {
            LeaseOffice.Outcome outcome = office.answer(ask, clock.instant());
            if (outcome != null) {
                tell(ask, outcome);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debugf("an ask of gateway %s is not answered: %s", ask.gatewayId(), e.getMessage());
        }
    }

    private void tell(LeaseAsk ask, LeaseOffice.Outcome outcome) {
        LeaseAnswer answer = outcome.answer();
        if (answer == null) {
            bus.publish(Topics.BUDGETS, ask.budget(), null);
        } else {
            bus.publish(Topics.LEASE_ANSWERS, ask.gatewayId(), answer);
        }
        if (outcome.scarcityChanged()) {
            rulesChanged.run();
        }
    }
}
