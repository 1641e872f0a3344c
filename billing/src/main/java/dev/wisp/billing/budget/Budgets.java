package dev.wisp.billing.budget;

import dev.wisp.billing.label.LabelSelector;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.usage.ProjectionPolicy;
import dev.wisp.billing.usage.UsageWindow;
import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.event.CloudEvent;
import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What budgets say now, and which thresholds were crossed since somebody looked; in transactions that others open. */
final class Budgets {

    static final String EVENT_TYPE = "dev.wisp.budget.threshold.v1";
    private static final String SOURCE = "/wisp/billing/budgets";
    private static final int PICO_DIGITS = 12;

    private Budgets() {}

    private record Month(Instant from, Instant to, LocalDate first, Instant now) {

        static Month of(Instant now) {
            Instant from = UsageWindow.MONTH.floor(now);
            return new Month(from, UsageWindow.MONTH.plus(from, 1), LocalDate.ofInstant(from, ZoneOffset.UTC), now);
        }
    }

    /** What was spent, and what the month comes to at that pace. */
    private record Pace(Spending.Spent parts, BigInteger spent, BigInteger forecast) {}

    static List<BudgetView> views(Connection connection, Instant now) throws SQLException {
        Month month = Month.of(now);
        String currency = currency(connection, now);
        List<BudgetView> views = new ArrayList<>();
        Spending spending = new Spending(connection);
        for (Budget budget : BudgetRows.all(connection)) {
            Pace pace = pace(spending, budget, month);
            boolean cap = budget.action() == BudgetAction.CAP;
            LeaseOffice.Standing standing = LeaseOffice.standing(connection, budget, pace.parts(), "", now);
            views.add(new BudgetView(
                    budget.name(),
                    budget.namespace(),
                    currency,
                    budget.amount().toPlainString(),
                    budget.actual(),
                    budget.forecast(),
                    money(pace.spent()),
                    money(pace.parts().waitingPicos()),
                    money(pace.forecast()),
                    percent(pace.spent(), budget.amount()),
                    month.to(),
                    budget.action(),
                    state(budget, pace.spent(), standing),
                    cap ? money(standing.claims().openPicos()) : null,
                    cap ? money(standing.leftPicos().max(BigInteger.ZERO)) : null,
                    cap ? budget.enforcedFrom() : null,
                    budget.labels().isEmpty() ? null : LabelSelector.text(budget.labels()),
                    BudgetRows.notices(connection, budget.name(), month.first())));
        }
        return views;
    }

    /** What gateways have to know, in the order of names. */
    static Map<String, BudgetRule> rules(Connection connection, Instant now) throws SQLException {
        Month month = Month.of(now);
        String currency = currency(connection, now);
        Map<String, BudgetRule> rules = new LinkedHashMap<>();
        Spending spending = new Spending(connection);
        for (Budget budget : BudgetRows.all(connection)) {
            if (budget.action() != BudgetAction.NOTIFY) {
                boolean used = isUsed(connection, spending, budget, month);
                boolean cap = budget.action() == BudgetAction.CAP;
                rules.put(
                        budget.name(),
                        new BudgetRule(
                                budget.name(),
                                budget.scopeId().toString(),
                                budget.namespace(),
                                budget.action(),
                                budget.amount(),
                                currency,
                                budget.enforcedFrom(),
                                month.to(),
                                used,
                                budget.scarce() || (cap && used),
                                budget.labels()));
            }
        }
        return rules;
    }

    /**
     * Whether nothing is left. Of a cap as soon as what is spent and what gateways hold is more than its amount, which time without calls and a
     * lowered amount bring about: what they do not need they are to give back then.
     */
    private static boolean isUsed(Connection connection, Spending spending, Budget budget, Month month)
            throws SQLException {
        Spending.Spent spent = spending.ofMonth(budget, month.from());
        if (spent.picos().compareTo(budget.amountPicos()) >= 0) {
            return true;
        }
        return budget.action() == BudgetAction.CAP
                && LeaseOffice.standing(connection, budget, spent, "", month.now())
                                .leftPicos()
                                .signum()
                        < 0;
    }

    private static BudgetView.State state(Budget budget, BigInteger spent, LeaseOffice.Standing standing) {
        boolean cap = budget.action() == BudgetAction.CAP;
        boolean over = spent.compareTo(budget.amountPicos()) >= 0
                || (cap && standing.unspentPicos().signum() <= 0);
        if (!over || budget.action() == BudgetAction.NOTIFY) {
            return BudgetView.State.OPEN;
        }
        return budget.action() == BudgetAction.THROTTLE ? BudgetView.State.THROTTLED : BudgetView.State.BLOCKED;
    }

    /**
     * What came of a comparison.
     *
     * @param noted how many thresholds were crossed and not told of before
     * @param usedRatios by name, what of a budget's amount is spent: for a look, not for a bill
     */
    record Round(int noted, Map<String, Double> usedRatios) {}

    /**
     * Notes what was crossed and not told of this month.
     *
     * @param heard whether there is anyone to tell
     */
    static Round note(Connection connection, Instant now, boolean heard) throws SQLException {
        Month month = Month.of(now);
        int noted = 0;
        Map<String, Double> ratios = new HashMap<>();
        Spending spending = new Spending(connection);
        for (Budget budget : BudgetRows.all(connection)) {
            Pace pace = pace(spending, budget, month);
            ratios.put(budget.name(), ratio(pace.spent(), budget.amount()));
            List<Threshold> crossed = BudgetPolicy.crossed(
                    budget,
                    pace.spent(),
                    pace.forecast(),
                    Duration.between(month.from(), now),
                    BudgetRows.told(connection, budget.name(), month.first()));
            for (Threshold threshold : crossed) {
                UUID id = UUID.randomUUID();
                String event = event(id, budget, threshold, pace, month, currency(connection, now));
                BudgetRows.note(connection, id, budget, month.first(), threshold, now, event, heard ? now : null);
                noted++;
            }
        }
        return new Round(noted, ratios);
    }

    private static double ratio(BigInteger picos, BigDecimal amount) {
        return new BigDecimal(picos, PICO_DIGITS)
                .divide(amount, MathContext.DECIMAL64)
                .doubleValue();
    }

    private static Pace pace(Spending spending, Budget budget, Month month) throws SQLException {
        Spending.Spent parts = spending.ofMonth(budget, month.from());
        BigInteger spent = parts.picos();
        return new Pace(parts, spent, ProjectionPolicy.runRate(spent, month.from(), month.to(), month.now()));
    }

    /** A CloudEvent in its structured form. */
    private static String event(UUID id, Budget budget, Threshold threshold, Pace pace, Month month, String currency) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("budget", budget.name());
        data.put("namespace", budget.namespace());
        data.put("labels", budget.labels());
        data.put("action", budget.action());
        data.put("kind", threshold.kind());
        data.put("percent", threshold.percent());
        data.put("amount", budget.amount().toPlainString());
        data.put("spent", money(pace.spent()));
        data.put("spentWaiting", money(pace.parts().waitingPicos()));
        data.put("forecast", money(pace.forecast()));
        data.put("currency", currency);
        data.put("resetsAt", month.to().toString());
        return new CloudEvent(id.toString(), SOURCE, EVENT_TYPE, budget.name(), month.now(), data).json();
    }

    private static String currency(Connection connection, Instant now) throws SQLException {
        return Objects.requireNonNull(Ledger.priceBooks(connection).at(now)).currency();
    }

    private static long percent(BigInteger picos, BigDecimal amount) {
        return new BigDecimal(picos)
                .movePointLeft(PICO_DIGITS - 2)
                .divideToIntegralValue(amount)
                .longValue();
    }

    private static String money(BigInteger picos) {
        return Money.decimal(new BigDecimal(picos, PICO_DIGITS));
    }
}
