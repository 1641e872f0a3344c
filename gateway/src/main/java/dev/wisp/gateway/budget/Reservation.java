package dev.wisp.gateway.budget;

/** Money that was set aside for one call, of every budget that covers it. */
public interface Reservation {

    /** For calls that no capped budget covers. */
    Reservation NONE = costPicos -> {};

    /**
     * The call has ended; once.
     *
     * @param costPicos 0 when it never ran, {@link dev.wisp.contracts.dataplane.ProxyOutcome#COST_UNKNOWN} takes all that was set aside
     */
    void settle(long costPicos);
}
