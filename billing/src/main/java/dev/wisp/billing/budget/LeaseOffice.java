package dev.wisp.billing.budget;

import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.usage.UsageWindow;
import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Leases money of capped budgets to gateways. Each ask is one transaction under the lock of the budget's row, so that what all hold and what
 * was spent is never more than the amount, whatever process answers. Thread-safe.
 */
public final class LeaseOffice {

    private static final LeaseRows.Claims NO_CLAIMS = new LeaseRows.Claims(BigInteger.ZERO, BigInteger.ZERO, 0);

    private final LedgerWrites writes;

    /**
     * What came of an ask.
     *
     * @param answer null when there is no such budget: gateways have to forget it
     * @param scarcityChanged whether gateways have to be told that idle money is wanted, or no longer
     */
    public record Outcome(@Nullable LeaseAnswer answer, boolean scarcityChanged) {}

    /** What a budget has, as far as leases know. */
    record Standing(BigInteger unspentPicos, LeaseRows.Claims claims) {

        BigInteger leftPicos() {
            return unspentPicos.subtract(claims.openPicos());
        }
    }

    public LeaseOffice(DataSource dataSource) {
        this.writes = new LedgerWrites(dataSource);
    }

    /** Null when the gateway has to hear first that the budget caps nothing, or something else. */
    public @Nullable Outcome answer(LeaseAsk ask, Instant now) throws SQLException {
        return writes.run(connection -> Optional.ofNullable(answer(connection, ask, now)))
                .orElse(null);
    }

    private static @Nullable Outcome answer(Connection connection, LeaseAsk ask, Instant now) throws SQLException {
        Budget budget = BudgetRows.locked(connection, ask.budget());
        if (budget == null) {
            return new Outcome(null, false);
        }
        if (budget.action() != BudgetAction.CAP || !budget.scopeId().toString().equals(ask.scopeId())) {
            return null;
        }
        for (LeaseAsk.Closed closed :
                ask.closed().subList(0, Math.min(ask.closed().size(), LeaseAsk.CLOSED_MAX))) {
            LeaseRows.close(connection, budget.scopeId(), closed, now);
        }
        LeaseRows.writeOff(connection, budget.scopeId(), ask, now);
        forget(connection, budget, now);
        Spending.Spent spent = new Spending(connection).ofMonth(budget, UsageWindow.MONTH.floor(now));
        Standing standing = standing(connection, budget, spent, ask.gatewayId(), now);
        long granted = LeasePolicy.grant(
                standing.leftPicos(),
                ask.wantedPicos(),
                ask.leastPicos(),
                standing.claims().holders());
        boolean scarce = isScarce(budget, ask, standing, granted);
        if (scarce != budget.scarce()) {
            BudgetRows.scarce(connection, budget.name(), scarce);
        }
        return new Outcome(grant(connection, budget, ask, standing, granted, now), scarce != budget.scarce());
    }

    private static void forget(Connection connection, Budget budget, Instant now) throws SQLException {
        Instant monthFrom = UsageWindow.MONTH.floor(now);
        Instant believed = LeasePolicy.believedBefore(now, budget.enforcedFrom(), monthFrom);
        LeaseRows.forget(connection, budget.scopeId(), believed, monthFrom);
    }

    /** What is left is taken from those who hold it idle; over when somebody got all they asked for. */
    private static boolean isScarce(Budget budget, LeaseAsk ask, Standing standing, long granted) {
        if (ask.wantedPicos() <= 0) {
            return budget.scarce();
        }
        boolean othersHold = standing.claims().openPicos().signum() > 0;
        return granted < ask.wantedPicos() && (othersHold || budget.scarce());
    }

    private static LeaseAnswer grant(
            Connection connection, Budget budget, LeaseAsk ask, Standing standing, long granted, Instant now)
            throws SQLException {
        Instant resetsAt = UsageWindow.MONTH.plus(UsageWindow.MONTH.floor(now), 1);
        Instant validUntil = LeasePolicy.validUntil(now, resetsAt);
        UUID leaseId = UUID.randomUUID();
        if (granted > 0) {
            LeaseRows.grant(connection, leaseId, budget.scopeId(), ask, granted, now, validUntil);
        }
        return new LeaseAnswer(
                ask.budget(),
                ask.scopeId(),
                ask.gatewayId(),
                ask.boot(),
                ask.number(),
                granted > 0 ? leaseId.toString() : "",
                granted,
                bounded(standing.leftPicos().subtract(BigInteger.valueOf(granted))),
                bounded(standing.unspentPicos()),
                ask.askedNanos(),
                Math.max(0, Duration.between(now, validUntil).toMillis()));
    }

    /**
     * @param spent of the month, in the same transaction
     */
    static Standing standing(Connection connection, Budget budget, Spending.Spent spent, String gatewayId, Instant now)
            throws SQLException {
        BigInteger amount = budget.amountPicos();
        if (budget.action() != BudgetAction.CAP) {
            return new Standing(amount.subtract(spent.picos()), NO_CLAIMS);
        }
        Instant monthFrom = UsageWindow.MONTH.floor(now);
        Instant believed = LeasePolicy.believedBefore(now, budget.enforcedFrom(), monthFrom);
        LeaseRows.Claims claims = LeaseRows.claims(connection, budget.scopeId(), gatewayId, believed, monthFrom);
        // Time without calls counts in full: no lease ever pays for it.
        BigInteger recorded =
                Spending.callsBefore(connection, budget, monthFrom, believed).add(spent.waitingPicos());
        return new Standing(amount.subtract(recorded).subtract(claims.spentPicos()), claims);
    }

    private static long bounded(BigInteger picos) {
        return picos.min(BigInteger.valueOf(Long.MAX_VALUE))
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .longValueExact();
    }
}
