package dev.wisp.gateway.budget;

import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Sets aside for one call of a capped budget what it may cost further, a piece at a time. It is asked for ahead of need, so that a gateway that
 * has just none has a few more tries to get some before the call ends.
 */
public final class CallFunds implements Funds {

    private static final long BYTES_AHEAD = ReservePolicy.ANSWER_BYTES / 2;
    private static final long BYTES_BETWEEN_TRIES = ReservePolicy.ANSWER_BYTES / 16;

    private final PriceBook book;
    private final RevisionSpec revision;
    private final Reservation reservation;
    private long paidMillis;
    private long paidBytes = ReservePolicy.ANSWER_BYTES;
    private long paidPicos;
    private long askAtBytes = paidBytes - BYTES_AHEAD;
    private @Nullable Problem shortfall;
    private boolean ranOut;

    /**
     * @param book that of the call
     * @param reservedPicos what is set aside for it so far: {@link ReservePolicy#picos(PriceBook, RevisionSpec)}
     * @param reservation which holds that
     */
    CallFunds(PriceBook book, RevisionSpec revision, long reservedPicos, Reservation reservation) {
        this.book = book;
        this.revision = revision;
        this.reservation = reservation;
        this.paidMillis = revision.timeoutMillis();
        this.paidPicos = reservedPicos;
    }

    @Override
    public synchronized boolean coverBytes(long bytesOut) {
        // Beyond what is paid for, it is the last try: the call is ended without.
        if (bytesOut > Math.min(askAtBytes, paidBytes)) {
            boolean more = more(paidMillis, Math.max(paidBytes, bytesOut) + ReservePolicy.ANSWER_BYTES);
            askAtBytes = more ? paidBytes - BYTES_AHEAD : bytesOut + BYTES_BETWEEN_TRIES;
        }
        return bytesOut <= paidBytes;
    }

    @Override
    public synchronized long coverMillis(long millis) {
        if (millis > paidMillis) {
            more(millis + revision.timeoutMillis(), paidBytes);
        }
        return paidMillis;
    }

    @Override
    public synchronized void ranOut() {
        ranOut = true;
    }

    /** Why the call was ended before it was over, null when it was not. */
    public synchronized @Nullable Problem shortfall() {
        return ranOut ? shortfall : null;
    }

    private boolean more(long millis, long bytes) {
        long picos = ReservePolicy.picos(book, revision, millis, bytes);
        Problem missing = picos > paidPicos ? reservation.more(picos - paidPicos) : null;
        if (missing != null) {
            shortfall = missing;
            return false;
        }
        paidMillis = millis;
        paidBytes = bytes;
        paidPicos = picos;
        return true;
    }
}
