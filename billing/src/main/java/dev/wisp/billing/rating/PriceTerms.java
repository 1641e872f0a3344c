package dev.wisp.billing.rating;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a version of the price book bills a period: what a single call cannot know, since it depends on all of them.
 *
 * @param version of the price book
 * @param currency ISO 4217 code
 * @param meters what has a price; the rest is free
 * @param feePicos for the period itself, whatever was used
 * @param minimumPicos least that the usage of a period costs
 */
public record PriceTerms(
        int version, String currency, Map<Meter, MeterPrice> meters, long feePicos, long minimumPicos) {

    public PriceTerms {
        if (feePicos < 0 || minimumPicos < 0) {
            throw new IllegalArgumentException(
                    "feePicos=%d, minimumPicos=%d, must be >= 0".formatted(feePicos, minimumPicos));
        }
        EnumMap<Meter, MeterPrice> copy = new EnumMap<>(Meter.class);
        copy.putAll(meters);
        meters = Collections.unmodifiableMap(copy);
    }
}
