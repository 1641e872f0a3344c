package dev.wisp.billing.rating;

import java.util.List;

/**
 * What a period costs, exact; nothing is rounded yet.
 *
 * @param feePicos for the period itself
 * @param minimumPicos what is missing to the least that its usage costs
 * @param netPicos of lines, fee and minimum
 */
public record RatedPeriod(
        String currency, List<RatedLine> lines, Fraction feePicos, Fraction minimumPicos, Fraction netPicos) {

    public RatedPeriod {
        lines = List.copyOf(lines);
    }
}
