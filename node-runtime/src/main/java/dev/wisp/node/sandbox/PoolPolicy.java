package dev.wisp.node.sandbox;

/** How many parked sandboxes to hold: enough for what was started lately, within bounds. */
final class PoolPolicy {

    /**
     * @param parked waiting now
     * @param starting starts under way: they want the processors for themselves
     * @param startsLately starts in the last second
     */
    record Observed(int parked, int starting, int startsLately) {}

    private PoolPolicy() {}

    /**
     * How many to hold. A second of the latest demand is far more than refilling needs (1 to 2 ms each), so a burst as large as the last one is served
     * from the pool.
     */
    static int target(int parkedMin, int parkedMax, Observed observed) {
        return Math.clamp(observed.startsLately(), parkedMin, parkedMax);
    }

    /** Whether to park one more now. While a start is under way only an empty pool is refilled: refilling would slow the start down. */
    static boolean refills(int parkedMin, int parkedMax, Observed observed) {
        if (observed.parked() >= target(parkedMin, parkedMax, observed)) {
            return false;
        }
        return observed.starting() == 0 || observed.parked() == 0;
    }
}
