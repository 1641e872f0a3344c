package dev.wisp.billing.budget;

/** A share of a budget that is told of once a month. */
public record Threshold(Kind kind, int percent) {

    /** What reaches it. */
    public enum Kind {
        ACTUAL,
        FORECAST
    }
}
