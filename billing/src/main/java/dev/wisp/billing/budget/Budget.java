package dev.wisp.billing.budget;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent in a month of UTC.
 *
 * @param namespace only its calls count, null for all
 * @param amount in the currency of the prices
 * @param actual percentages of it to tell of when they were spent, rising
 * @param forecast percentages to tell of when the month at its pace so far is going to pass them, rising
 */
public record Budget(
        String name, @Nullable String namespace, BigDecimal amount, List<Integer> actual, List<Integer> forecast) {

    public Budget {
        actual = actual.stream().distinct().sorted().toList();
        forecast = forecast.stream().distinct().sorted().toList();
    }
}
