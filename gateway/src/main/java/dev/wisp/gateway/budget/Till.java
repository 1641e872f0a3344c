package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One budget at this gateway. Thread-safe: a lock is held for some additions, and nobody is called under it. */
final class Till {

    /** While a spent budget slows down. */
    private static final Duration THROTTLED_EVERY = Duration.ofSeconds(1);

    private final Object lock = new Object();
    private final Purse purse = new Purse();
    private volatile BudgetRule rule;
    private Instant throttledUntil = Instant.MIN;

    Till(BudgetRule rule) {
        this.rule = rule;
    }

    /** Money of this till that was set aside. */
    private record SetAside(Till till, Purse.Lease lease, long picos) implements Reservation {

        @Override
        public void settle(long costPicos) {
            synchronized (till.lock) {
                till.purse.settle(lease, picos, costPicos < 0 ? picos : costPicos);
            }
        }
    }

    BudgetRule rule() {
        return rule;
    }

    void ruled(BudgetRule next) {
        rule = next;
    }

    /** Whether money is set aside here for a call received then. */
    boolean isCap(Instant receivedAt) {
        BudgetRule now = rule;
        return now.action() == BudgetAction.CAP && !receivedAt.isBefore(now.enforcedFrom());
    }

    /** Null when the call may go without money set aside. */
    @Nullable
    Problem refusal(Instant now) {
        BudgetRule current = rule;
        if (!current.spent() || !now.isBefore(current.resetsAt())) {
            return null;
        }
        if (current.action() != BudgetAction.THROTTLE) {
            return Refusals.spent(current);
        }
        synchronized (lock) {
            if (now.isBefore(throttledUntil)) {
                return Refusals.throttled(current);
            }
            throttledUntil = now.plus(THROTTLED_EVERY);
            return null;
        }
    }

    Admitted reserve(long picos, Instant now) {
        synchronized (lock) {
            Purse.Lease lease = purse.reserve(picos, now);
            return lease == null
                    ? Admitted.refused(why(picos, purse.last()))
                    : new Admitted(null, new SetAside(this, lease, picos));
        }
    }

    boolean runsLow(Instant now) {
        synchronized (lock) {
            return purse.runsLow(now);
        }
    }

    /** Whether nothing was ever set aside here, so that nobody knows what calls cost. */
    boolean isUnused() {
        synchronized (lock) {
            return purse.isUnused();
        }
    }

    void expect(long picos) {
        synchronized (lock) {
            purse.expect(picos);
        }
    }

    void answered(LeaseAnswer answer, Instant now) {
        synchronized (lock) {
            purse.answered(answer, now);
        }
    }

    Purse.@Nullable Ask tick(Instant now) {
        synchronized (lock) {
            return purse.tick(now, rule.scarce());
        }
    }

    private Problem why(long picos, @Nullable LeaseAnswer last) {
        BudgetRule current = rule;
        if (last == null || last.picos() > 0) {
            return Refusals.noLease(current);
        }
        return last.unspentPicos() < picos
                ? Refusals.tooLittle(current, picos, last.unspentPicos())
                : Refusals.allSetAside(current, picos);
    }
}
