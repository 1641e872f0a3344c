package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What an account used in a month, from its records: only those that are billed count. */
final class MonthUsage {

    /** Outcomes 4, out of memory, and 5, the platform's fault, are not billed; a record with rating 2 has prices that are unknown here. */
    private static final String USAGE = """
            SELECT price_version, count(*), sum(cpu_us), sum(memory_bytes::numeric * billed_ms), sum(bytes_out),
              sum(cpu_millicores::numeric * billed_ms)
            FROM billing.invocation
            WHERE %s AND outcome < 4 AND rating <> 2
            GROUP BY price_version
            """.formatted(AccountMonth.where("received_at"));

    /** Whole millicore- and byte-milliseconds; a frozen instance holds memory and no processor. */
    private static final String IDLE = """
            SELECT price_version, trunc(sum(cpu_millicores::numeric * idle_us) / 1000),
              trunc(sum(memory_bytes::numeric * (idle_us + frozen_us)) / 1000)
            FROM billing.instance_time
            WHERE %s
            GROUP BY price_version
            """.formatted(AccountMonth.where("at"));

    private static final String CORRECTED = """
            SELECT coalesce(sum(cost_picos), 0) FROM billing.correction
            WHERE account = ? AND filed_at >= ?::date::timestamp AT TIME ZONE 'UTC' AND filed_at < ?::date::timestamp AT TIME ZONE 'UTC'
            """;

    private static final Comparator<PriceBook> IN_FORCE =
            Comparator.comparing(PriceBook::effectiveFrom).thenComparingInt(PriceBook::version);

    private MonthUsage() {}

    /** In the order in which the prices were in force: the free part and the steps go on from one to the next. */
    static List<PeriodUsage> of(Connection connection, String account, LocalDate month, Map<Integer, PriceTerms> terms)
            throws SQLException {
        try (PreparedStatement select = AccountMonth.prepare(connection, USAGE, account, month);
                ResultSet row = select.executeQuery()) {
            Map<Integer, Quantities> usage = new HashMap<>();
            while (row.next()) {
                usage.put(row.getInt(1), quantities(row, Objects.requireNonNull(terms.get(row.getInt(1)))));
            }
            idle(connection, account, month, terms)
                    .forEach((version, idle) -> usage.merge(version, idle, Quantities::plus));
            PriceBooks books = Ledger.priceBooks(connection);
            return usage.entrySet().stream()
                    .sorted(Comparator.comparing(
                            entry -> Objects.requireNonNull(books.version(entry.getKey())), IN_FORCE))
                    .map(entry -> new PeriodUsage(Objects.requireNonNull(terms.get(entry.getKey())), entry.getValue()))
                    .toList();
        }
    }

    /** What instances had without a call, under versions that have a price for it. */
    private static Map<Integer, Quantities> idle(
            Connection connection, String account, LocalDate month, Map<Integer, PriceTerms> terms)
            throws SQLException {
        try (PreparedStatement select = AccountMonth.prepare(connection, IDLE, account, month);
                ResultSet row = select.executeQuery()) {
            Map<Integer, Quantities> usage = new HashMap<>();
            while (row.next()) {
                PriceTerms book = Objects.requireNonNull(terms.get(row.getInt(1)));
                Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
                quantities.put(Meter.IDLE_VCPU_TIME, row.getBigDecimal(2).toBigInteger());
                quantities.put(Meter.IDLE_MEMORY_TIME, row.getBigDecimal(3).toBigInteger());
                quantities.keySet().retainAll(book.meters().keySet());
                if (!quantities.isEmpty()) {
                    usage.put(book.version(), new Quantities(quantities));
                }
            }
            return usage;
        }
    }

    static BigInteger correctedPicos(Connection connection, String account, LocalDate month) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CORRECTED)) {
            select.setString(1, account);
            select.setObject(2, month);
            select.setObject(3, month.plusMonths(1));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1).toBigIntegerExact();
            }
        }
    }

    /** Processors held are among them where they have a price, so that an invoice of before that was recorded stays as it was. */
    private static Quantities quantities(ResultSet row, PriceTerms book) throws SQLException {
        Map<Meter, BigInteger> quantities = new EnumMap<>(Map.of(
                Meter.REQUESTS, BigInteger.valueOf(row.getLong(2)),
                Meter.CPU_TIME, row.getBigDecimal(3).toBigIntegerExact(),
                Meter.MEMORY_TIME, row.getBigDecimal(4).toBigIntegerExact(),
                Meter.EGRESS, row.getBigDecimal(5).toBigIntegerExact()));
        if (book.meters().containsKey(Meter.VCPU_TIME)) {
            quantities.put(Meter.VCPU_TIME, row.getBigDecimal(6).toBigIntegerExact());
        }
        return new Quantities(quantities);
    }
}
