package dev.wisp.billing.rating;

import java.util.List;
import java.util.Map;

/**
 * Published price lists of other providers, so that a bill can be compared with one's own; in USD, for their first listed region, without
 * what they charge for networks, logs or builds. Where each figure comes from is in {@code docs/prices.md}.
 */
@SuppressWarnings("ImmutableEnumChecker") // Its fields are records of unmodifiable values.
public enum Preset {
    /** AWS Lambda, x86: requests and memory held, by the millisecond, the start included. */
    LAMBDA(
            new TimeRule(1, true, false),
            0,
            Map.of(
                    Meter.REQUESTS,
                    MeterPrice.flat(200_000, Meter.REQUESTS.units(1_000_000)),
                    Meter.MEMORY_TIME,
                    new MeterPrice(
                            TierMode.GRADUATED,
                            Meter.MEMORY_TIME.units(400_000),
                            List.of(
                                    new Tier(Meter.MEMORY_TIME.units(6_000_000_000L), 16_666_700),
                                    new Tier(Meter.MEMORY_TIME.units(15_000_000_000L), 15_000_000),
                                    new Tier(null, 13_333_400)),
                            0))),

    /** Google Cloud Run, request-based: processors and memory while an instance has a request, by 100 ms. */
    CLOUD_RUN(
            new TimeRule(100, true, true),
            0,
            Map.of(
                    Meter.REQUESTS, MeterPrice.flat(400_000, Meter.REQUESTS.units(2_000_000)),
                    Meter.VCPU_TIME, MeterPrice.flat(24_000_000, Meter.VCPU_TIME.units(180_000)),
                    Meter.MEMORY_TIME, MeterPrice.flat(2_500_000, Meter.MEMORY_TIME.units(360_000)))),

    /** Azure Container Apps, consumption plan: active and idle rates for the time that replicas have requests. */
    AZURE_CONTAINER_APPS(
            new TimeRule(1, true, true),
            0,
            Map.of(
                    Meter.REQUESTS, MeterPrice.flat(400_000, Meter.REQUESTS.units(2_000_000)),
                    Meter.VCPU_TIME, MeterPrice.flat(24_000_000, Meter.VCPU_TIME.units(180_000)),
                    Meter.MEMORY_TIME, MeterPrice.flat(3_000_000, Meter.MEMORY_TIME.units(360_000)),
                    Meter.IDLE_VCPU_TIME, MeterPrice.flat(3_000_000),
                    Meter.IDLE_MEMORY_TIME, MeterPrice.flat(3_000_000))),

    /** Cloudflare Containers, paid plan: processor time used, memory and disk held, by 10 ms. */
    CLOUDFLARE_CONTAINERS(
            new TimeRule(10, true, true),
            5_000_000_000_000L,
            Map.of(
                    Meter.CPU_TIME, MeterPrice.flat(20_000_000, Meter.CPU_TIME.units(375 * 60)),
                    Meter.MEMORY_TIME, MeterPrice.flat(2_500_000, Meter.MEMORY_TIME.units(25 * 3_600)),
                    Meter.DISK_TIME, MeterPrice.flat(70_000, Meter.DISK_TIME.units(200 * 3_600)))),

    /** Cloudflare Workers, paid plan: requests and processor time used. */
    CLOUDFLARE_WORKERS(
            new TimeRule(1, false, true),
            5_000_000_000_000L,
            Map.of(
                    Meter.REQUESTS, MeterPrice.flat(300_000, Meter.REQUESTS.units(10_000_000)),
                    Meter.CPU_TIME, MeterPrice.flat(20_000_000, Meter.CPU_TIME.units(30_000))));

    private final TimeRule timeRule;
    private final PriceTerms terms;

    Preset(TimeRule timeRule, long feePicos, Map<Meter, MeterPrice> meters) {
        this.timeRule = timeRule;
        this.terms = new PriceTerms(1, "USD", meters, feePicos, 0);
    }

    public TimeRule timeRule() {
        return timeRule;
    }

    public PriceTerms terms() {
        return terms;
    }

    /** What these calls would cost in a month in which nothing else runs. */
    public RatedPeriod estimate(CallShape call) {
        return PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, EstimatePolicy.quantities(timeRule, call))));
    }
}
