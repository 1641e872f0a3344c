package dev.wisp.billing.budget;

import dev.wisp.contracts.budget.LeaseAsk;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** The table of leases; in transactions that hold the budget's row. */
final class LeaseRows {

    /**
     * What leases of a scope claim.
     *
     * @param openPicos of leases that still pay
     * @param spentPicos from leases that were closed and are not in the ledger for certain
     */
    record Claims(BigInteger openPicos, BigInteger spentPicos, int holders) {}

    private LeaseRows() {}

    static void close(Connection connection, UUID scopeId, LeaseAsk.Closed closed, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE billing.budget_lease SET closed_at = ?, spent_picos = ?
                WHERE lease_id = ? AND scope_id = ? AND closed_at IS NULL""")) {
            update.setObject(1, utc(now));
            update.setLong(2, Math.max(0, closed.spentPicos()));
            update.setObject(3, UUID.fromString(closed.leaseId()));
            update.setObject(4, scopeId);
            update.executeUpdate();
        }
    }

    /** Leases whose gateway will not give anything back: it was started anew, or has been silent for too long. They count as spent. */
    static void writeOff(Connection connection, UUID scopeId, LeaseAsk ask, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE billing.budget_lease SET closed_at = ?, spent_picos = picos
                WHERE scope_id = ? AND closed_at IS NULL
                  AND (valid_until < ? OR (gateway = ? AND boot <> ?))""")) {
            update.setObject(1, utc(now));
            update.setObject(2, scopeId);
            update.setObject(3, utc(now.minus(LeasePolicy.VALID)));
            update.setString(4, ask.gatewayId());
            update.setString(5, ask.boot());
            update.executeUpdate();
        }
    }

    /** What the ledger is believed about needs no lease any more, nor does another month; for a while they are kept. */
    static void forget(Connection connection, UUID scopeId, Instant believedBefore, Instant monthFrom)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM billing.budget_lease WHERE scope_id = ? AND (closed_at < ? OR granted_at < ?)")) {
            delete.setObject(1, scopeId);
            delete.setObject(2, utc(believedBefore.minus(LeasePolicy.KEPT_AFTER)));
            delete.setObject(3, utc(monthFrom.minus(LeasePolicy.KEPT_AFTER)));
            delete.executeUpdate();
        }
    }

    /** Those of the month that the ledger is not believed about. */
    static Claims claims(
            Connection connection, UUID scopeId, String gatewayId, Instant believedBefore, Instant monthFrom)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT coalesce(sum(picos) FILTER (WHERE closed_at IS NULL), 0), coalesce(sum(spent_picos), 0),
                       count(DISTINCT gateway) FILTER (WHERE closed_at IS NULL AND gateway <> ?)
                FROM billing.budget_lease
                WHERE scope_id = ? AND granted_at >= ? AND (closed_at IS NULL OR closed_at >= ?)""")) {
            select.setString(1, gatewayId);
            select.setObject(2, scopeId);
            select.setObject(3, utc(monthFrom));
            select.setObject(4, utc(believedBefore));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Claims(whole(row.getBigDecimal(1)), whole(row.getBigDecimal(2)), row.getInt(3) + 1);
            }
        }
    }

    static void grant(
            Connection connection,
            UUID leaseId,
            UUID scopeId,
            LeaseAsk ask,
            long picos,
            Instant now,
            Instant validUntil)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO billing.budget_lease
                    (lease_id, budget, scope_id, gateway, boot, picos, granted_at, valid_until)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setObject(1, leaseId);
            insert.setString(2, ask.budget());
            insert.setObject(3, scopeId);
            insert.setString(4, ask.gatewayId());
            insert.setString(5, ask.boot());
            insert.setLong(6, picos);
            insert.setObject(7, utc(now));
            insert.setObject(8, utc(validUntil));
            insert.executeUpdate();
        }
    }

    /** Leases of a budget whose scope has changed. */
    static void drop(Connection connection, String budget) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM billing.budget_lease WHERE budget = ?")) {
            delete.setString(1, budget);
            delete.executeUpdate();
        }
    }

    private static BigInteger whole(BigDecimal number) {
        return number.toBigIntegerExact();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
