package dev.wisp.billing.budget;

import dev.wisp.billing.usage.UsageWindow;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** How much of a capped budget a gateway gets, for how long, and from when on the ledger alone is believed. */
final class LeasePolicy {

    /** Longest time a gateway may spend a lease without hearing from anybody. */
    static final Duration VALID = Duration.ofHours(1);

    /**
     * By then the records of a call are in the ledger. Until then a closed lease stands for what was spent from it; a record that takes longer
     * is counted when it comes.
     */
    static final Duration SETTLED_AFTER = Duration.ofHours(1);

    /** Gateways have heard of a cap when it begins; from the next full minute after this, since sums are kept by minutes. */
    static final Duration HEARD_AFTER = Duration.ofSeconds(5);

    /**
     * So much longer is a lease kept that stands for nothing any more: billing whose clock was set back by less finds what was spent again
     * that the ledger is not believed about any more.
     */
    static final Duration KEPT_AFTER = Duration.ofDays(1);

    /** A gateway gets at most this part of what is left for each of those that hold something. */
    private static final int SHARES_EACH = 2;

    private LeasePolicy() {}

    /**
     * What is granted, 0 for nothing. Never more than is left, so that all leases and all that was spent are at most the amount.
     *
     * @param holders gateways that hold something, the asking one included
     */
    static long grant(BigInteger leftPicos, long wantedPicos, long leastPicos, int holders) {
        if (wantedPicos <= 0 || leftPicos.compareTo(BigInteger.valueOf(Math.max(1, leastPicos))) < 0) {
            return 0;
        }
        long left = leftPicos.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
        long share = Math.max(Math.max(1, leastPicos), left / ((long) SHARES_EACH * Math.max(1, holders)));
        return Math.min(wantedPicos, share);
    }

    static Instant validUntil(Instant now, Instant resetsAt) {
        Instant longest = now.plus(VALID);
        return longest.isBefore(resetsAt) ? longest : resetsAt;
    }

    /** Calls received before it count by their records, later ones by the leases that paid for them. */
    static Instant believedBefore(Instant now, Instant enforcedFrom, Instant monthFrom) {
        Instant settled = UsageWindow.MINUTE.floor(now.minus(SETTLED_AFTER));
        Instant first = enforcedFrom.isAfter(monthFrom) ? enforcedFrom : monthFrom;
        return settled.isAfter(first) ? settled : first;
    }

    static Instant enforcedFrom(Instant setAt) {
        return UsageWindow.MINUTE.plus(UsageWindow.MINUTE.floor(setAt.plus(HEARD_AFTER)), 1);
    }
}
