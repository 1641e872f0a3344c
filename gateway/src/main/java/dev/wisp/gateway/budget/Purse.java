package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk.Closed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases that one gateway holds of one budget: what is set aside for a call comes out of one of them, and what the call did not cost
 * goes back into it. Asks for more while there is still enough, so that no call waits. A decision in values: time is an argument and that of
 * the monotonic clock, so that a host's clock that is set moves none of it; nothing is sent from here. Not thread-safe.
 */
final class Purse {

    /** An ask without an answer is made again. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);

    /** After a refusal. */
    static final Duration REFUSAL_PAUSE = Duration.ofMillis(200);

    /** While money is scarce, a lease that pays for nothing is given back. */
    static final Duration IDLE_MAX = Duration.ofSeconds(1);

    private static final int PEAK_DECAY = 16;
    private static final int CLOSED_PER_ASK = 100;

    private final List<Lease> leases = new ArrayList<>();
    private final List<Closed> closed = new ArrayList<>();
    private List<Closed> told = List.of();
    private long leastPicos = Long.MAX_VALUE;
    private long unmetPicos;
    private long reservedPicos;
    private long peakPicos;
    private long number;
    private boolean asking;
    private long askedNanos;
    private boolean pausing;
    private long pausedNanos;
    private boolean used;
    private long usedNanos;
    private @Nullable LeaseAnswer last;

    /** Money of one lease; mutable, and the purse's alone. */
    static final class Lease {

        private final String id;
        private final long picos;
        private final long validUntilNanos;
        private long spentPicos;
        private long reservedPicos;

        private Lease(String id, long picos, long validUntilNanos) {
            this.id = id;
            this.picos = picos;
            this.validUntilNanos = validUntilNanos;
        }

        private long freePicos() {
            return picos - spentPicos - reservedPicos;
        }

        private boolean isOver(long nowNanos) {
            return nowNanos - validUntilNanos >= 0;
        }
    }

    /** What is to be sent to billing. */
    record Ask(long number, long askedNanos, long wantedPicos, long leastPicos, List<Closed> closed) {}

    /** The lease that the amount was set aside from, null when none has so much. */
    @Nullable
    Lease reserve(long picos, long nowNanos) {
        leastPicos = Math.min(leastPicos, picos);
        return reserveMore(picos, nowNanos);
    }

    /** The same for a call under way: by how much it goes on says nothing of what the next call needs. */
    @Nullable
    Lease reserveMore(long picos, long nowNanos) {
        used = true;
        usedNanos = nowNanos;
        for (Lease lease : leases) {
            if (lease.freePicos() >= picos && !lease.isOver(nowNanos)) {
                lease.reservedPicos += picos;
                reservedPicos += picos;
                peakPicos = Math.max(peakPicos, reservedPicos);
                return lease;
            }
        }
        // The last that was wanted and not there, not the largest: a dear call must not keep cheap ones from what is
        // left.
        unmetPicos = picos;
        peakPicos = Math.max(peakPicos, saturated(reservedPicos, picos));
        return null;
    }

    /** The call has ended: so much of what was set aside is spent, the rest is free again. */
    void settle(Lease lease, long setAsidePicos, long costPicos) {
        lease.reservedPicos -= setAsidePicos;
        lease.spentPicos = saturated(lease.spentPicos, costPicos);
        reservedPicos -= setAsidePicos;
    }

    boolean isUnused() {
        return leastPicos == Long.MAX_VALUE;
    }

    /** What one call may cost, before there was one: money for the first is there when it comes. */
    void expect(long picos) {
        if (isUnused() && leases.isEmpty()) {
            unmetPicos = picos;
        }
    }

    /** Whether an ask is due sooner than the next round. */
    boolean runsLow(long nowNanos) {
        return !asking && !isPausing(nowNanos) && wantedPicos(nowNanos) > 0;
    }

    void answered(LeaseAnswer answer, long nowNanos) {
        if (answer.picos() > 0) {
            long validNanos = TimeUnit.MILLISECONDS.toNanos(answer.validMillis());
            leases.add(new Lease(answer.leaseId(), answer.picos(), answer.askedNanos() + validNanos));
        }
        if (answer.number() == number) {
            asking = false;
            last = answer;
            unmetPicos = 0;
            closed.removeAll(told);
            pausing = answer.picos() == 0;
            pausedNanos = nowNanos;
        }
    }

    /** The last answer, null before the first. */
    @Nullable
    LeaseAnswer last() {
        return last;
    }

    /** What is to be asked now, null when nothing. */
    @Nullable
    Ask tick(long nowNanos, boolean scarce) {
        if (asking && nowNanos - askedNanos < ANSWER_TIMEOUT.toNanos()) {
            return null;
        }
        boolean idle = reservedPicos == 0 && (!used || nowNanos - usedNanos >= IDLE_MAX.toNanos());
        close(nowNanos, scarce && idle);
        peakPicos = Math.max(reservedPicos, peakPicos - peakPicos / PEAK_DECAY);
        boolean modest = (scarce && idle) || isPausing(nowNanos);
        long wanted = modest ? 0 : wantedPicos(nowNanos);
        if (wanted == 0 && closed.isEmpty()) {
            asking = false;
            return null;
        }
        number++;
        asking = true;
        askedNanos = nowNanos;
        told = List.copyOf(closed.subList(0, Math.min(closed.size(), CLOSED_PER_ASK)));
        return new Ask(number, nowNanos, wanted, askedLeastPicos(), told);
    }

    private boolean isPausing(long nowNanos) {
        return pausing && nowNanos - pausedNanos < REFUSAL_PAUSE.toNanos();
    }

    /** Twice what calls needed at most, so that the next ask is made while half is left. */
    private long wantedPicos(long nowNanos) {
        long free = freePicos(nowNanos);
        if (unmetPicos == 0 && (isUnused() || free >= lowPicos())) {
            return 0;
        }
        return Math.max(askedLeastPicos(), saturated(lowPicos(), lowPicos()) - free);
    }

    private long askedLeastPicos() {
        return unmetPicos > 0 || isUnused() ? unmetPicos : leastPicos;
    }

    private long lowPicos() {
        return Math.max(isUnused() ? 0 : leastPicos, peakPicos);
    }

    private long freePicos(long nowNanos) {
        long free = 0;
        for (Lease lease : leases) {
            if (!lease.isOver(nowNanos) && lease.freePicos() > 0) {
                free = saturated(free, lease.freePicos());
            }
        }
        return free;
    }

    /** Ends the leases that pay nothing more: over, too small for a call, or idle while others want. */
    private void close(long nowNanos, boolean idle) {
        leases.removeIf(lease -> {
            boolean small = !isUnused() && lease.freePicos() < leastPicos;
            boolean useless = idle || small || lease.isOver(nowNanos);
            if (useless && lease.reservedPicos == 0) {
                closed.add(new Closed(lease.id, lease.spentPicos));
                return true;
            }
            return false;
        });
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
