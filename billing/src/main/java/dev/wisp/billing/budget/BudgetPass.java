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

/** A comparison of spending with budgets, and a round of deliveries. One thread at a time each. */
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

    /** Notes what was crossed. */
    Budgets.Round note(Instant now) throws SQLException {
        return writes.run(connection -> Budgets.note(connection, now, receiver != null));
    }

    /**
     * Tells whoever is to be told. Takes as long as the receiver lets it, each message at most a webhook's timeout; no transaction is open while
     * it is asked: a slow one must not hold a connection.
     */
    void deliver(Instant now) throws SQLException, InterruptedException {
        if (receiver == null) {
            return;
        }
        List<BudgetRows.Due> due = writes.run(connection -> BudgetRows.due(connection, now, DELIVERIES_MAX));
        for (BudgetRows.Due message : due) {
            String error =
                    receiver.webhook().post(receiver.address(), message.id().toString(), message.event(), now);
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
