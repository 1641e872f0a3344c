package dev.wisp.billing.price;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version of the prices as a person writes it: money in units of the currency, quantities in priced units, all as decimal texts.
 *
 * @param meters how a period is billed, by name of {@link dev.wisp.billing.rating.Meter}; one that is left out has the price of a call
 */
public record PriceDraft(
        @Nullable String currency,
        @Nullable String effectiveFrom,
        @Nullable String perRequest,
        @Nullable String perCpuSecond,
        @Nullable String perVcpuSecond,
        @Nullable String perGibSecond,
        @Nullable String perEgressGb,
        @Nullable Long incrementMillis,
        @Nullable Boolean startBilled,
        @Nullable String fee,
        @Nullable String minimum,
        @Nullable Map<String, MeterDraft> meters) {

    /** How one meter is billed over a period. */
    public record MeterDraft(
            @Nullable String mode,
            @Nullable String free,
            @Nullable String discountPercent,
            @Nullable List<TierDraft> tiers) {}

    /** One step, up to a quantity or open. */
    public record TierDraft(@Nullable String upTo, @Nullable String price) {}

    /** What is stored beside the prices of a call. */
    public record Terms(
            @Nullable String fee,
            @Nullable String minimum,
            @Nullable Map<String, MeterDraft> meters) {}

    Terms terms() {
        return new Terms(fee, minimum, meters);
    }
}
