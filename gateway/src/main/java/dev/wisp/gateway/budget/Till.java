package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One budget at this gateway. Thread-safe: a lock is held for some additions, and nobody is called under it but who hears that money runs low, which returns at once. */
final class Till {

    /** While a spent budget slows down. */
    private static final Duration THROTTLED_EVERY = Duration.ofSeconds(1);

    /**
     * A cap begins at the latest this long after it was heard of, whatever the clock says: billing lets it begin five seconds after it was set,
     * with a full minute. Money set aside too early counts twice for a while, money that is not set aside at all.
     */
    static final Duration BEGUN_AFTER = Duration.ofSeconds(65);

    private final Object lock = new Object();
    private final Purse purse = new Purse();
    private volatile BudgetRule rule;
    private final Money money;
    private final long heardNanos;
    private boolean throttling;
    private long throttledNanos;

    /**
     * Where money comes from.
     *
     * @param nanoClock monotonic, as everywhere here
     * @param low told when more is to be asked for soon
     */
    record Money(LongSupplier nanoClock, Runnable low) {}

    Till(BudgetRule rule, Money money) {
        this.rule = rule;
        this.money = money;
        this.heardNanos = money.nanoClock().getAsLong();
    }

    /** Money that was set aside for one call; guarded by the till's lock. */
    private final class SetAside implements Reservation {

        private final List<Part> parts = new ArrayList<>(1);

        /** Of one lease. */
        private record Part(Purse.Lease lease, long picos) {}

        private SetAside(Purse.Lease lease, long picos) {
            parts.add(new Part(lease, picos));
        }

        @Override
        public @Nullable Problem more(long picos) {
            synchronized (lock) {
                long nowNanos = money.nanoClock().getAsLong();
                Purse.Lease lease = purse.reserveMore(picos, nowNanos);
                tellIfLow(nowNanos);
                if (lease == null) {
                    return why(picos, purse.last());
                }
                parts.add(new Part(lease, picos));
                return null;
            }
        }

        /** Each part pays what it has, the last what is left, whatever that is. */
        @Override
        public void settle(long costPicos) {
            synchronized (lock) {
                long left = costPicos;
                for (int at = 0; at < parts.size(); at++) {
                    Part part = parts.get(at);
                    boolean last = at == parts.size() - 1;
                    long pays = costPicos < 0 ? part.picos() : last ? left : Math.min(left, part.picos());
                    purse.settle(part.lease(), part.picos(), pays);
                    left -= pays;
                }
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
    boolean isCap(Instant receivedAt, long nowNanos) {
        return isCap() && (!receivedAt.isBefore(rule.enforcedFrom()) || nowNanos - heardNanos >= BEGUN_AFTER.toNanos());
    }

    /** Whether it is one, begun or not. */
    boolean isCap() {
        return rule.action() == BudgetAction.CAP;
    }

    /** Null when the call may go without money set aside. */
    @Nullable
    Problem refusal(Instant now, long nowNanos) {
        BudgetRule current = rule;
        if (!current.isSpentAt(now)) {
            return null;
        }
        if (current.action() != BudgetAction.THROTTLE) {
            return Refusals.spent(current);
        }
        synchronized (lock) {
            if (throttling && nowNanos - throttledNanos < THROTTLED_EVERY.toNanos()) {
                return Refusals.throttled(current);
            }
            throttling = true;
            throttledNanos = nowNanos;
            return null;
        }
    }

    Admitted reserve(long picos, long nowNanos) {
        synchronized (lock) {
            Purse.Lease lease = purse.reserve(picos, nowNanos);
            tellIfLow(nowNanos);
            return lease == null
                    ? Admitted.refused(why(picos, purse.last()))
                    : new Admitted(null, new SetAside(lease, picos), null);
        }
    }

    private void tellIfLow(long nowNanos) {
        if (purse.runsLow(nowNanos)) {
            money.low().run();
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

    void answered(LeaseAnswer answer, long nowNanos) {
        synchronized (lock) {
            purse.answered(answer, nowNanos);
        }
    }

    Purse.@Nullable Ask tick(long nowNanos) {
        synchronized (lock) {
            return purse.tick(nowNanos, rule.scarce());
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
