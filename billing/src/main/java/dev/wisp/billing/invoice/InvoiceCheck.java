package dev.wisp.billing.invoice;

import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.InvoiceDocument.Snapshot;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.Fraction;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.PeriodRatingPolicy;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.RatedLine;
import dev.wisp.billing.rating.RoundingPolicy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Makes every invoice again from what it says was used and from the prices, and compares what was used with the records. */
public final class InvoiceCheck {

    private static final String IS_RETIRED =
            "SELECT 1 FROM billing.retired_day WHERE id_day >= ? AND id_day <= ? LIMIT 1";

    private InvoiceCheck() {}

    /** The first invoice that is not what it should be, null when there is none. */
    public static @Nullable String finding(Connection connection) throws SQLException {
        Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
        Map<LocalDate, InvoiceDocument> latest = new HashMap<>();
        for (StoredInvoice stored : InvoiceRows.documents(connection, null)) {
            InvoiceDocument document = stored.document();
            String wrong = document.isCreditNote() ? null : recomputed(document, terms);
            if (wrong == null && sum(document.lines()).compareTo(new BigDecimal(document.total())) != 0) {
                wrong = "its total is not the sum of its lines";
            }
            for (Snapshot snapshot : document.snapshots()) {
                latest.put(snapshot.month(), document);
                wrong = wrong == null ? upToItsLinks(connection, document, snapshot, terms) : wrong;
            }
            if (wrong != null) {
                return "invoice %d: %s".formatted(document.number(), wrong);
            }
        }
        for (Map.Entry<LocalDate, InvoiceDocument> entry : latest.entrySet()) {
            String wrong = withoutLinks(connection, entry.getValue(), entry.getKey(), terms);
            if (wrong != null) {
                return "invoice %d: %s".formatted(entry.getValue().number(), wrong);
            }
        }
        return null;
    }

    private static @Nullable String recomputed(InvoiceDocument document, Map<Integer, PriceTerms> terms) {
        List<PeriodUsage> usage = Invoices.usage(document.snapshots().getFirst(), terms);
        List<String> expected = new ArrayList<>();
        for (RatedLine line : PeriodRatingPolicy.rate(usage).lines()) {
            Fraction net = line.netPicos();
            expected.add("%s/%d: %s/%s = %s"
                    .formatted(
                            line.meter(),
                            line.version(),
                            net.numerator(),
                            net.denominator(),
                            RoundingPolicy.line(document.currency(), net).toPlainString()));
        }
        List<String> found = document.lines().stream()
                .filter(line -> line.category() == Category.USAGE)
                .map(line -> "%s/%s: %s = %s".formatted(line.meter(), line.priceVersion(), line.exact(), line.amount()))
                .toList();
        return found.equals(expected) ? null : "its lines are %s, should be %s".formatted(found, expected);
    }

    /**
     * An invoice that names its last links says exactly what the records up to them say. Where days were dropped, what came after the links cannot
     * all be told from the sums of days any more, so that it may say less than those, and never more.
     */
    private static @Nullable String upToItsLinks(
            Connection connection, InvoiceDocument document, Snapshot snapshot, Map<Integer, PriceTerms> terms)
            throws SQLException {
        if (document.links() == null) {
            return null;
        }
        List<PeriodUsage> counted = Invoices.evidence(
                connection, new AccountMonth(document.account(), snapshot.month(), document.cut()), terms);
        boolean gone = isRetired(connection, snapshot.month());
        return difference(
                snapshot.month(),
                Invoices.usage(snapshot, terms),
                counted,
                comparison -> gone ? comparison > 0 : comparison != 0);
    }

    /** Records are only ever added, so an invoice from before they were named may say less than there is now, and never more. */
    private static @Nullable String withoutLinks(
            Connection connection, InvoiceDocument document, LocalDate month, Map<Integer, PriceTerms> terms)
            throws SQLException {
        if (document.links() != null || isRetired(connection, month)) {
            return null;
        }
        AccountMonth everything = new AccountMonth(document.account(), month, ChainCut.NONE);
        List<PeriodUsage> now = MonthUsage.ofRecords(connection, everything, terms);
        for (Snapshot snapshot : document.snapshots()) {
            String wrong = snapshot.month().equals(month)
                    ? difference(month, Invoices.usage(snapshot, terms), now, comparison -> comparison > 0)
                    : null;
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /**
     * The first quantity that is not as it should be.
     *
     * @param wrong of how what the invoice says compares with what the records say
     */
    private static @Nullable String difference(
            LocalDate month, List<PeriodUsage> invoiced, List<PeriodUsage> counted, IntPredicate wrong) {
        Map<Integer, PeriodUsage> invoice = byVersion(invoiced);
        Map<Integer, PeriodUsage> records = byVersion(counted);
        Set<Integer> versions = new TreeSet<>(invoice.keySet());
        versions.addAll(records.keySet());
        for (int version : versions) {
            for (Meter meter : Meter.values()) {
                BigInteger said = of(invoice, version, meter);
                BigInteger found = of(records, version, meter);
                if (wrong.test(said.compareTo(found))) {
                    return "it says %s of %s in %s under prices %d, the records %s"
                            .formatted(said, meter, month, version, found);
                }
            }
        }
        return null;
    }

    /** Whether there is nothing that was invoiced and is used no more. */
    static boolean isAtLeast(List<PeriodUsage> usage, Snapshot invoiced) {
        Map<Integer, PeriodUsage> now = byVersion(usage);
        return invoiced.usage().stream()
                .allMatch(before -> before.quantities().entrySet().stream()
                        .allMatch(entry ->
                                of(now, before.priceVersion(), entry.getKey()).compareTo(entry.getValue()) >= 0));
    }

    private static Map<Integer, PeriodUsage> byVersion(List<PeriodUsage> usage) {
        Map<Integer, PeriodUsage> byVersion = new HashMap<>();
        usage.forEach(one -> byVersion.put(one.terms().version(), one));
        return byVersion;
    }

    private static BigInteger of(Map<Integer, PeriodUsage> usage, int version, Meter meter) {
        PeriodUsage one = usage.get(version);
        return one == null ? BigInteger.ZERO : one.quantities().of(meter);
    }

    static boolean isRetired(Connection connection, LocalDate month) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_RETIRED)) {
            select.setObject(1, month.minusDays(1));
            select.setObject(2, month.plusMonths(1));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static BigDecimal sum(List<Line> lines) {
        return lines.stream().map(line -> new BigDecimal(line.amount())).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
