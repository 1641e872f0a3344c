package dev.wisp.autoscaler.keepalive;

/**
 * How long one revision's idle instances are kept, and what that rests on. Instances are used like a stack: a call takes the one that
 * became idle last. So the n-th instance is busy exactly while at least n are needed, and every level n has idle times of its own, whatever
 * is kept. A choice is asked once, when a level becomes idle, and told afterwards how long that lasted: nothing here looks ahead.
 * Owned by one thread.
 */
public sealed interface KeepAlive permits FixedKeepAlive, HistogramKeepAlive, EconomicKeepAlive {

    /**
     * For a level that becomes idle now.
     *
     * @param level 1 is the first instance of the revision
     */
    HoldWindows windows(int level);

    /** A level that was idle is needed again. */
    default void levelWasIdle(int level, double seconds) {}

    /** A call came, that long after the revision had finished all before it; 0 when it had not. */
    default void callCame(double idleSeconds) {}
}
