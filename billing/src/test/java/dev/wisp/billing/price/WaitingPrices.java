package dev.wisp.billing.price;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prices with which time without calls costs something, for tests. */
public final class WaitingPrices {

    private WaitingPrices() {}

    /**
     * The first version's, and so much for a unit of these meters.
     *
     * @param fee a month, null for none
     */
    public static PriceDraft of(String from, @Nullable String fee, Map<String, String> pricesByMeter) {
        Map<String, PriceDraft.MeterDraft> meters = new HashMap<>();
        pricesByMeter.forEach((meter, price) -> meters.put(
                meter,
                new PriceDraft.MeterDraft("graduated", null, null, List.of(new PriceDraft.TierDraft(null, price)))));
        return new PriceDraft(
                "USD", from, "0.0000002", "0.000024", null, "0.0000025", "0", 1L, false, fee, null, meters);
    }
}
