package dev.wisp.gateway.admission;

/** Decides whether one more request may be held. */
public final class AdmissionPolicy {

    private AdmissionPolicy() {}

    /** What happens to a request for which no slot is free. */
    public enum Verdict {
        HOLD,
        REVISION_FULL,
        GATEWAY_FULL,
        MEMORY_FULL
    }

    /**
     * How much is held and how much may be.
     *
     * @param bytes estimated memory that held requests take, this one not yet counted
     */
    public record HoldView(int heldOfRevision, int heldInAll, long bytes) {}

    /** The first limit that one more request of {@code requestBytes} would pass, or {@link Verdict#HOLD}. */
    public static Verdict decide(HoldView view, long requestBytes, HoldLimits limits) {
        if (view.heldOfRevision() >= limits.queueDepthMax()) {
            return Verdict.REVISION_FULL;
        }
        if (view.heldInAll() >= limits.totalDepthMax()) {
            return Verdict.GATEWAY_FULL;
        }
        return view.bytes() + requestBytes > limits.bytesMax() ? Verdict.MEMORY_FULL : Verdict.HOLD;
    }
}
