package dev.wisp.gateway.budget;

import dev.wisp.contracts.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may go, as far as money goes.
 *
 * @param refusal null when it may
 * @param reservation to be settled when it has ended
 * @param funds for what it costs beyond that while it runs, null when no cap covers it
 */
public record Admitted(
        @Nullable Problem refusal,
        Reservation reservation,
        @Nullable CallFunds funds) {

    static final Admitted FREE = new Admitted(null, Reservation.NONE, null);

    static Admitted refused(Problem problem) {
        return new Admitted(problem, Reservation.NONE, null);
    }
}
