package dev.wisp.billing.rating;

/** How steps apply. */
public enum TierMode {
    /** Each unit has the price of the step it falls into. */
    GRADUATED,
    /** All units have the price of the step that the period's last unit falls into. */
    VOLUME
}
