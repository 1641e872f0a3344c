package dev.wisp.billing.budget;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code wisp.budgets} equal to the budgets that bind. What it compares with is the topic itself, so that a change that was lost, and a
 * budget that was deleted just before a crash, are put right in the next round. One thread runs it.
 */
public final class RulePublisher implements AutoCloseable {

    private final Bus bus;
    private final LedgerWrites writes;
    private final Map<String, BudgetRule> onTopic = new ConcurrentHashMap<>();
    private Bus.@Nullable Subscription subscription;

    public RulePublisher(Bus bus, LedgerWrites writes) {
        this.bus = bus;
        this.writes = writes;
    }

    public void start() {
        subscription = bus.subscribe(Topics.BUDGETS, this::seen);
    }

    /** Publishes what differs; a value that does not arrive is published again in the next round. */
    public void runOnce(Instant now) throws SQLException {
        Map<String, BudgetRule> rules = writes.run(connection -> Budgets.rules(connection, now));
        rules.forEach((name, rule) -> {
            if (!rule.equals(onTopic.get(name))) {
                bus.publish(Topics.BUDGETS, name, rule);
            }
        });
        Set<String> gone = new HashSet<>(onTopic.keySet());
        gone.removeAll(rules.keySet());
        gone.forEach(name -> bus.publish(Topics.BUDGETS, name, null));
    }

    @Override
    public void close() {
        Bus.Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    private void seen(String name, @Nullable BudgetRule rule) {
        if (rule == null) {
            onTopic.remove(name);
        } else {
            onTopic.put(name, rule);
        }
    }
}
