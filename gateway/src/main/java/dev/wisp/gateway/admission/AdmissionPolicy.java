package dev.wisp.gateway.admission;

import dev.wisp.gateway.admission.HoldBudget.Share;

/**
 * Decides whether one more request may be held. What accounts share is divided by dynamic thresholds (Choudhury and Hahne, "Dynamic queue
 * length thresholds for shared-memory packet switches", IEEE/ACM Transactions on Networking 6(2), 1998, with a factor of one): an account
 * may hold as much as is free. So one alone gets half, k that want all of it get a (k+1)th each, and as much is left for the next that
 * comes, without anybody counting who there is.
 */
public final class AdmissionPolicy {

    private AdmissionPolicy() {}

    /** What happens to a request for which no slot is free. */
    public enum Verdict {
        HOLD,
        REVISION_FULL,
        GATEWAY_FULL,
        MEMORY_FULL,
        ACCOUNT_FULL
    }

    /** How much is held, this request not yet counted. */
    public record HoldView(int heldOfRevision, Share ofAccount, Share inAll) {}

    /** The first limit that one more request of {@code requestBytes} would pass, or {@link Verdict#HOLD}. */
    public static Verdict decide(HoldView view, long requestBytes, HoldLimits limits) {
        if (view.heldOfRevision() >= limits.queueDepthMax()) {
            return Verdict.REVISION_FULL;
        }
        int freePlaces = limits.totalDepthMax() - view.inAll().held();
        if (freePlaces <= 0) {
            return Verdict.GATEWAY_FULL;
        }
        long freeBytes = limits.bytesMax() - view.inAll().bytes();
        if (requestBytes > freeBytes) {
            return Verdict.MEMORY_FULL;
        }
        boolean fair = view.ofAccount().held() < freePlaces && view.ofAccount().bytes() < freeBytes;
        return fair ? Verdict.HOLD : Verdict.ACCOUNT_FULL;
    }
}
