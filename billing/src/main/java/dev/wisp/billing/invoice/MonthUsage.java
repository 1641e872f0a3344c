package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.BilledSums;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.WaitingSums;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an account used in a month, as invoices count it: of calls only those that are billed, of the time of instances what has a price. It is
 * read from the sums of days, some dozens of rows whatever was used, or from the records, which are the evidence; verification compares the two.
 */
final class MonthUsage {

    /** By what it is formatted with, from where. */
    private static final String SUMS = """
        SELECT %s, sum(requests), sum(cpu_us), sum(vcpu_millicore_ms), sum(memory_byte_ms), sum(bytes_out),
          trunc(sum(idle_millicore_us) / 1000), trunc(sum(idle_memory_byte_us + frozen_memory_byte_us) / 1000)
        FROM %s
        GROUP BY 1
        """;

    private static final String DAYS = "billing.billed_day WHERE account = ? AND day >= ? AND day < ?";
    private static final int DAYS_PARAMETERS = 3;
    private static final String BY_VERSION = SUMS.formatted("price_version", DAYS);
    private static final String BY_DAY = SUMS.formatted("day", DAYS);

    private static final String CALLS = """
        SELECT price_version, %s, 0 AS idle_millicore_us, 0 AS idle_memory_byte_us, 0 AS frozen_memory_byte_us
        FROM billing.invocation WHERE %s AND %%s %s AND %s GROUP BY 1
        """.formatted(
                    BilledSums.SUMS,
                    AccountMonth.where("received_at"),
                    ChainCut.isLater("invocation", ChainKind.INVOCATIONS),
                    BilledSums.BILLED);

    private static final String WAITED = """
        SELECT price_version, 0 AS requests, 0 AS cpu_us, 0 AS vcpu_millicore_ms, 0 AS memory_byte_ms, 0 AS bytes_out, %s
        FROM billing.instance_time WHERE %s AND %%s %s AND %s GROUP BY 1
        """.formatted(
                    WaitingSums.SUMS,
                    AccountMonth.where("at"),
                    ChainCut.isLater("instance_time", ChainKind.INSTANCE_TIME),
                    WaitingSums.WAITED);

    private static final String OF_RECORDS = "WITH %s %s"
            .formatted(
                    ChainCut.LATER,
                    SUMS.formatted(
                            "price_version",
                            "(%s UNION ALL %s) AS part".formatted(CALLS.formatted("NOT"), WAITED.formatted("NOT"))));

    /** Days have what came later as well; in one statement, so that both are of one moment. */
    private static final String OF_SUMS = "WITH %s %s"
            .formatted(ChainCut.LATER, SUMS.formatted("price_version", """
                (SELECT price_version, %1$s FROM %2$s
                  UNION ALL SELECT price_version, %3$s FROM (%4$s) AS late
                  UNION ALL SELECT price_version, %3$s FROM (%5$s) AS late) AS part
                """.formatted(
                            BilledSums.COLUMNS,
                            DAYS,
                            "-" + BilledSums.COLUMNS.replace(", ", ", -"),
                            CALLS.formatted(""),
                            WAITED.formatted(""))));

    private static final String CORRECTED = """
        SELECT coalesce(sum(cost_picos), 0) FROM billing.correction
        WHERE account = ? AND filed_at >= ?::date::timestamp AT TIME ZONE 'UTC' AND filed_at < ?::date::timestamp AT TIME ZONE 'UTC'
        """;

    private static final Comparator<PriceBook> IN_FORCE =
            Comparator.comparing(PriceBook::effectiveFrom).thenComparingInt(PriceBook::version);

    /** Of time, whole millicore- and byte-milliseconds. */
    private static final List<Meter> METERS = List.of(
            Meter.REQUESTS,
            Meter.CPU_TIME,
            Meter.VCPU_TIME,
            Meter.MEMORY_TIME,
            Meter.EGRESS,
            Meter.IDLE_VCPU_TIME,
            Meter.IDLE_MEMORY_TIME);

    private MonthUsage() {}

    /** From the sums of days, in the order in which the prices were in force: the free part and the steps go on from one to the next. */
    static List<PeriodUsage> of(Connection connection, String account, LocalDate month, Map<Integer, PriceTerms> terms)
            throws SQLException {
        try (PreparedStatement select = ofDays(connection, BY_VERSION, account, month, month.plusMonths(1))) {
            return inForce(connection, byVersion(select), terms);
        }
    }

    /** From the sums of days, without what is behind the cut. */
    static List<PeriodUsage> ofSums(Connection connection, AccountMonth asked, Map<Integer, PriceTerms> terms)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OF_SUMS)) {
            asked.cut().bind(select, asked.month());
            setDays(
                    select,
                    1 + ChainCut.PARAMETERS,
                    asked.account(),
                    asked.month(),
                    asked.month().plusMonths(1));
            asked.bind(select, asked.bind(select, 1 + ChainCut.PARAMETERS + DAYS_PARAMETERS));
            return inForce(connection, byVersion(select), terms);
        }
    }

    /** The same from the records themselves. */
    static List<PeriodUsage> ofRecords(Connection connection, AccountMonth asked, Map<Integer, PriceTerms> terms)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OF_RECORDS)) {
            asked.cut().bind(select, asked.month());
            asked.bind(select, asked.bind(select, 1 + ChainCut.PARAMETERS));
            return inForce(connection, byVersion(select), terms);
        }
    }

    /** What each day used of everything that is counted, whatever the prices; days without any are left out. */
    static Map<LocalDate, Quantities> days(Connection connection, String account, LocalDate from, LocalDate to)
            throws SQLException {
        try (PreparedStatement select = ofDays(connection, BY_DAY, account, from, to);
                ResultSet row = select.executeQuery()) {
            Map<LocalDate, Quantities> days = new HashMap<>();
            while (row.next()) {
                days.put(row.getObject(1, LocalDate.class), quantities(row));
            }
            return days;
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

    private static PreparedStatement ofDays(
            Connection connection, String sql, String account, LocalDate from, LocalDate to) throws SQLException {
        PreparedStatement select = connection.prepareStatement(sql);
        try {
            setDays(select, 1, account, from, to);
            return select;
        } catch (SQLException e) {
            select.close();
            throw e;
        }
    }

    private static void setDays(PreparedStatement select, int first, String account, LocalDate from, LocalDate to)
            throws SQLException {
        select.setString(first, account);
        select.setObject(first + 1, from);
        select.setObject(first + 2, to);
    }

    private static Map<Integer, Quantities> byVersion(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            Map<Integer, Quantities> usage = new HashMap<>();
            while (row.next()) {
                usage.put(row.getInt(1), quantities(row));
            }
            return usage;
        }
    }

    private static List<PeriodUsage> inForce(
            Connection connection, Map<Integer, Quantities> usage, Map<Integer, PriceTerms> terms) throws SQLException {
        PriceBooks books = Ledger.priceBooks(connection);
        List<PeriodUsage> periods = new ArrayList<>();
        usage.entrySet().stream()
                .sorted(Comparator.comparing(entry -> Objects.requireNonNull(books.version(entry.getKey())), IN_FORCE))
                .forEach(entry -> add(periods, Objects.requireNonNull(terms.get(entry.getKey())), entry.getValue()));
        return periods;
    }

    /**
     * Of what calls do not always have a price for, only what has one: an invoice of before it was recorded stays as it was, and prices under
     * which instances only waited for nothing are none of the month's.
     */
    private static void add(List<PeriodUsage> periods, PriceTerms book, Quantities used) {
        Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
        used.byMeter().forEach((meter, quantity) -> {
            if (isOfEveryCall(meter) || book.meters().containsKey(meter)) {
                quantities.put(meter, quantity);
            }
        });
        if (!quantities.isEmpty()) {
            periods.add(new PeriodUsage(book, new Quantities(quantities)));
        }
    }

    private static boolean isOfEveryCall(Meter meter) {
        return switch (meter) {
            case REQUESTS, CPU_TIME, MEMORY_TIME, EGRESS -> true;
            case VCPU_TIME, DISK_TIME, IDLE_VCPU_TIME, IDLE_MEMORY_TIME -> false;
        };
    }

    private static Quantities quantities(ResultSet row) throws SQLException {
        Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
        for (int i = 0; i < METERS.size(); i++) {
            quantities.put(METERS.get(i), row.getBigDecimal(2 + i).toBigIntegerExact());
        }
        return new Quantities(quantities);
    }
}
