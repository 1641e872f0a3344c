package dev.wisp.gateway.async;

/** Decides whether one more call is stored. */
final class AcceptPolicy {

    private AcceptPolicy() {}

    /** What becomes of it. */
    enum Verdict {
        STORE,
        /** Its account has as much waiting as one account may. */
        ACCOUNT_FULL,
        /** All accounts together have. */
        FULL
    }

    /** What waits. */
    record Backlog(int calls, long bytes, int accountCalls, long accountBytes) {}

    static Verdict decide(Backlog backlog, long bytes, AsyncSettings settings) {
        if (backlog.calls() >= settings.callsMax() || backlog.bytes() + bytes > settings.callsBytesMax()) {
            return Verdict.FULL;
        }
        boolean full = backlog.accountCalls() >= settings.accountShare(settings.callsMax())
                || backlog.accountBytes() + bytes > settings.accountShare(settings.callsBytesMax());
        return full ? Verdict.ACCOUNT_FULL : Verdict.STORE;
    }
}
