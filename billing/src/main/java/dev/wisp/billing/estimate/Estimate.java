package dev.wisp.billing.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.billing.rating.Fraction;
import dev.wisp.billing.rating.RatedLine;
import dev.wisp.billing.rating.RatedPeriod;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a month of calls would cost.
 *
 * @param offers this platform's prices first, then those of others
 */
public record Estimate(List<Offer> offers) {

    /** Digits shown behind the point for quantities and for the price of one call. */
    private static final int DIGITS = 12;

    /**
     * One price list.
     *
     * @param name {@code wisp} with the version of the prices, or the name of a preset
     * @param perCall the month divided by its calls, rounded for reading
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Offer(String name, String currency, String total, String perCall, String fee, List<Line> lines) {}

    /** One meter's share. */
    public record Line(String meter, String quantity, String unit, String amount) {}

    static Offer offer(String name, RatedPeriod period, long requests) {
        return new Offer(
                name,
                period.currency(),
                RoundingPolicy.line(period.currency(), period.netPicos()).toPlainString(),
                requests == 0 ? "0.00" : exact(period.netPicos().dividedBy(BigInteger.valueOf(requests))),
                exact(period.feePicos()),
                period.lines().stream().map(Estimate::line).toList());
    }

    private static Line line(RatedLine line) {
        BigDecimal quantity = new BigDecimal(line.quantity())
                .divide(new BigDecimal(line.meter().baseUnitsPerUnit()), DIGITS, RoundingMode.HALF_EVEN);
        return new Line(
                line.meter().title(),
                quantity.stripTrailingZeros().toPlainString(),
                line.meter().unit(),
                exact(line.netPicos()));
    }

    /** To the pico. */
    private static String exact(Fraction picos) {
        return Money.decimal(new BigDecimal(picos.roundHalfEven(), DIGITS));
    }
}
