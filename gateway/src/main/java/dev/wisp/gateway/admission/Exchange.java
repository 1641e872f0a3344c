package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.gateway.admission.BalancePolicy.Load;
import dev.wisp.gateway.budget.CallFunds;
import dev.wisp.gateway.budget.Reservation;
import dev.wisp.gateway.explain.Tries;
import dev.wisp.gateway.repeat.RepeatPolicy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request from its arrival to its answer; owned by its revision's event loop once admitted. */
public final class Exchange {

    /** Where it is. {@code HELD} and {@code SENT} alternate while instances refuse it. */
    enum State {
        NEW,
        HELD,
        SENT,
        OVER
    }

    private final UUID id;
    private final Caller caller;
    private final long receivedAtMicros;
    private final long arrivedNanos;
    private final long bytes;

    State state = State.NEW;
    Reservation reservation = Reservation.NONE;

    /** Null when no cap covers it. */
    @Nullable
    CallFunds funds;

    int attempts;

    /** What became of attempts that failed, null while none has. */
    @Nullable
    Tries tries;

    /** Instances that broke off with it, the last of them, and the time it spent with them. */
    int brokenBefore;

    @Nullable
    Load brokenAt;

    long brokenNanos;
    long sentNanos;

    /** Of its body, in case it is sent again. */
    long keptBytes;

    /** Whether it would be sent elsewhere should the instance that has it break off. */
    RepeatPolicy.Verdict repeat = RepeatPolicy.Verdict.NOT_IDEMPOTENT;

    /** Whose share it takes while it is held. */
    String heldFor = "";

    long deadlineNanos;

    @Nullable
    Exchange before;

    @Nullable
    Exchange after;

    /**
     * @param receivedAtMicros wall clock, microseconds since 1970 UTC
     * @param arrivedNanos monotonic clock
     * @param bytes memory it is estimated to take while it is held
     */
    public Exchange(UUID id, Caller caller, long receivedAtMicros, long arrivedNanos, long bytes) {
        this.id = id;
        this.caller = caller;
        this.receivedAtMicros = receivedAtMicros;
        this.arrivedNanos = arrivedNanos;
        this.bytes = bytes;
    }

    public UUID id() {
        return id;
    }

    /** What pays for it beyond what was set aside at first. */
    Funds payer() {
        CallFunds own = funds;
        return own == null ? Funds.ENDLESS : own;
    }

    /** It has ended; what it cost is spent, the rest of what was set aside is free again. */
    void over(long costPicos) {
        state = State.OVER;
        reservation.settle(costPicos);
    }

    Caller caller() {
        return caller;
    }

    long receivedAtMicros() {
        return receivedAtMicros;
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    long bytes() {
        return bytes;
    }
}
