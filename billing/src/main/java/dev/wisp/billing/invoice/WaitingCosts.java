package dev.wisp.billing.invoice;

import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.Fraction;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.WaitingCostPolicy;
import dev.wisp.billing.usage.ServiceName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * What the time of services' instances without calls costs at the list's price, from the sums of days: that which a call's own cost leaves out of
 * what a service costs.
 */
final class WaitingCosts {

    private static final String BY_SERVICE = """
            SELECT namespace, service, price_version, sum(idle_millicore_us), sum(idle_memory_byte_us + frozen_memory_byte_us)
            FROM billing.usage_day
            WHERE bucket >= ? AND bucket < ? AND (idle_millicore_us > 0 OR idle_memory_byte_us > 0 OR frozen_memory_byte_us > 0)
            GROUP BY namespace, service, price_version
            """;

    private WaitingCosts() {}

    /**
     * In 10⁻¹² of the currency, each service rounded once; those whose instances did not wait are left out.
     *
     * @param from start of a day, UTC
     * @param to the same
     */
    static Map<ServiceName, BigInteger> picos(Connection connection, Instant from, Instant to) throws SQLException {
        Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
        Map<ServiceName, Fraction> costs = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(BY_SERVICE)) {
            select.setObject(1, from.atOffset(ZoneOffset.UTC));
            select.setObject(2, to.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    costs.merge(
                            new ServiceName(row.getString(1), row.getString(2)),
                            WaitingCostPolicy.picos(terms, row.getInt(3), row.getBigDecimal(4), row.getBigDecimal(5)),
                            Fraction::plus);
                }
            }
        }
        Map<ServiceName, BigInteger> picos = new HashMap<>();
        costs.forEach((service, cost) -> picos.put(service, cost.roundHalfEven()));
        return picos;
    }
}
