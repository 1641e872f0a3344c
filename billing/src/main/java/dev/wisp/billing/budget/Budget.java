package dev.wisp.billing.budget;

import dev.wisp.contracts.budget.BudgetAction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent in a month of UTC.
 *
 * @param namespace only its calls count, null for all
 * @param amount in the currency of the prices
 * @param actual percentages of it to tell of when they were spent, rising
 * @param forecast percentages to tell of when the month at its pace so far is going to pass them, rising
 * @param action what it does beside telling
 * @param scopeId another one whenever what is counted changes
 * @param enforcedFrom calls received from then on need money set aside, if it is a cap
 * @param scarce whether a gateway was refused money that others hold
 * @param labels only calls of revisions that have all of these count
 */
public record Budget(
        String name,
        @Nullable String namespace,
        BigDecimal amount,
        List<Integer> actual,
        List<Integer> forecast,
        BudgetAction action,
        UUID scopeId,
        Instant enforcedFrom,
        boolean scarce,
        Map<String, String> labels) {

    private static final int PICO_DIGITS = 12;

    public Budget {
        actual = actual.stream().distinct().sorted().toList();
        forecast = forecast.stream().distinct().sorted().toList();
        labels = Map.copyOf(labels);
    }

    BigInteger amountPicos() {
        return amount.movePointRight(PICO_DIGITS).toBigInteger();
    }

    /** As this one is to be stored over one of before: what its leases stand for goes on while the same calls count in the same way. */
    Budget over(@Nullable Budget before) {
        boolean same = before != null
                && before.action() == action
                && Objects.equals(before.namespace(), namespace)
                && before.labels().equals(labels);
        return same && before != null
                ? new Budget(
                        name,
                        namespace,
                        amount,
                        actual,
                        forecast,
                        action,
                        before.scopeId(),
                        before.enforcedFrom(),
                        before.scarce(),
                        labels)
                : this;
    }
}
