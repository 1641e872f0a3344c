package dev.wisp.contracts.budget;

import java.util.List;

/**
 * A gateway asks for money of a capped budget, gives back what it does not need, or both. Taking it twice does no harm: a lease is closed
 * once, and a second grant counts as any other.
 *
 * @param boot differs at each start of the gateway: what earlier ones held will never be given back
 * @param number the answer carries it
 * @param askedNanos monotonic clock of the gateway, which the answer carries: it means something to this boot of it alone
 * @param wantedPicos 0 for nothing
 * @param leastPicos less is of no use: the greatest price of one call
 * @param closed leases that pay nothing more
 */
public record LeaseAsk(
        String budget,
        String scopeId,
        String gatewayId,
        String boot,
        long number,
        long askedNanos,
        long wantedPicos,
        long leastPicos,
        List<Closed> closed) {

    /** Most closed leases that one ask carries. */
    public static final int CLOSED_MAX = 1_000;

    /**
     * The end of a lease.
     *
     * @param spentPicos what was paid from it; above its amount when calls cost more than was set aside
     */
    public record Closed(String leaseId, long spentPicos) {}

    public LeaseAsk {
        closed = closed == null ? List.of() : List.copyOf(closed);
    }
}
