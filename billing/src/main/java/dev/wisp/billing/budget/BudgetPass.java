package dev.wisp.billing.budget;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.contracts.event.Webhook;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One comparison of spending with budgets and one round of deliveries. One thread at a time. */
final class BudgetPass {

    private static final int DELIVERIES_MAX = 20;

    private final LedgerWrites writes;
    private final @Nullable Receiver receiver;
    private final RandomGenerator random;

    /** Who is told, and how. */
    record Receiver(Webhook webhook, URI address) {}

    BudgetPass(LedgerWrites writes, @Nullable Receiver receiver, RandomGenerator random) {
        this.writes = writes;
        this.receiver = receiver;
        this.random = random;
    }

    /** How many thresholds were noted. */
    int runOnce(Instant now) throws SQLException, InterruptedException {
        int noted = writes.run(connection -> Budgets.note(connection, now, receiver != null));
        if (receiver != null) {
            deliver(receiver, now);
        }
        return noted;
    }

    /** No transaction is open while a receiver is asked: a slow one must not hold a connection. */
    private void deliver(Receiver to, Instant now) throws SQLException, InterruptedException {
        List<BudgetRows.Due> due = writes.run(connection -> BudgetRows.due(connection, now, DELIVERIES_MAX));
        for (BudgetRows.Due message : due) {
            String error = to.webhook().post(to.address(), message.id().toString(), message.event(), now);
            Instant next = error == null ? null : next(message.attempts() + 1, now);
            writes.run(connection -> {
                BudgetRows.tried(connection, message.id(), now, error, next);
                return true;
            });
        }
    }

    private @Nullable Instant next(int attempts, Instant now) {
        if (attempts >= BudgetPolicy.ATTEMPTS_MAX) {
            return null;
        }
        Duration delay = BudgetPolicy.retryAfter(attempts);
        return now.plus(delay).plusMillis(random.nextLong(delay.toMillis() / 4 + 1));
    }
}
