package dev.wisp.gateway.budget;

import dev.wisp.contracts.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Money that was set aside for one call, of every budget that covers it. */
public interface Reservation {

    /** For calls that no capped budget covers. */
    Reservation NONE = new Reservation() {
        @Override
        public @Nullable Problem more(long picos) {
            return null;
        }

        @Override
        public void settle(long costPicos) {}
    };

    /** Sets so much more aside for the call; otherwise says why not. */
    @Nullable
    Problem more(long picos);

    /**
     * The call has ended; once.
     *
     * @param costPicos 0 when it never ran, {@link dev.wisp.contracts.dataplane.ProxyOutcome#COST_UNKNOWN} takes all that was set aside
     */
    void settle(long costPicos);

    /** Of several budgets, each of which pays the whole. Not thread-safe: a call asks for one thing at a time. */
    final class All implements Reservation {

        private final List<Reservation> each;
        /** What each has set aside beyond what all have: a later one had not so much. */
        private final long[] aheadPicos;

        All(List<Reservation> each) {
            this.each = List.copyOf(each);
            this.aheadPicos = new long[each.size()];
        }

        /** Who has set it aside is not asked again when another had nothing: each try would take as much once more. */
        @Override
        public @Nullable Problem more(long picos) {
            for (int at = 0; at < aheadPicos.length; at++) {
                long missingPicos = picos - aheadPicos[at];
                Problem shortfall = missingPicos > 0 ? each.get(at).more(missingPicos) : null;
                if (shortfall != null) {
                    return shortfall;
                }
                aheadPicos[at] = Math.max(aheadPicos[at], picos);
            }
            for (int at = 0; at < aheadPicos.length; at++) {
                aheadPicos[at] -= picos;
            }
            return null;
        }

        @Override
        public void settle(long costPicos) {
            each.forEach(reservation -> reservation.settle(costPicos));
        }
    }
}
