package dev.wisp.billing.rating;

/**
 * Which time of a call is billed.
 *
 * @param incrementMillis billed time is rounded up to a multiple of this
 * @param startBilled whether a cold start counts
 * @param shared whether calls at the same time in one instance share its time, instead of each paying for all of it
 */
public record TimeRule(long incrementMillis, boolean startBilled, boolean shared) {

    public TimeRule {
        if (incrementMillis < 1) {
            throw new IllegalArgumentException("incrementMillis=%d, must be >= 1".formatted(incrementMillis));
        }
    }
}
