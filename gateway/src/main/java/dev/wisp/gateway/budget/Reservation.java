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

    /** Of several budgets, each of which pays the whole. */
    record All(List<Reservation> each) implements Reservation {

        public All {
            each = List.copyOf(each);
        }

        /** What one has set aside and another has not is free again when the call has ended. */
        @Override
        public @Nullable Problem more(long picos) {
            for (Reservation reservation : each) {
                Problem shortfall = reservation.more(picos);
                if (shortfall != null) {
                    return shortfall;
                }
            }
            return null;
        }

        @Override
        public void settle(long costPicos) {
            each.forEach(reservation -> reservation.settle(costPicos));
        }
    }
}
