package dev.wisp.bench.ledger;

import dev.wisp.bench.http.HttpAnswer;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call as its caller saw it.
 *
 * @param invocationId null when no answer named one
 * @param isMetered whether the answer says what was billed, so that it went through a node
 * @param billedMillis -1 when the answer did not say
 * @param costPicos -1 when the answer did not say
 */
record Attempt(
        @Nullable UUID invocationId, int status, Ending ending, boolean isMetered, long billedMillis, long costPicos) {

    /** How it ended. */
    enum Ending {
        /** Status, headers and the whole body came. */
        WHOLE,
        /** The answer began and broke off. */
        BROKEN,
        /** The request may have been sent; no answer came. */
        LOST,
        /** Nobody took the connection: nothing was sent. */
        REFUSED
    }

    private static final int PICO_DIGITS = 12;

    static Attempt of(HttpAnswer answer) {
        String id = answer.header("x-invocation-id");
        String billed = answer.header("x-billed-duration-ms");
        String cost = answer.header("x-cost").split(" ", 2)[0];
        return new Attempt(
                id.isEmpty() ? null : UUID.fromString(id),
                answer.status(),
                answer.complete() ? Ending.WHOLE : Ending.BROKEN,
                !billed.isEmpty(),
                billed.isEmpty() ? -1 : Long.parseLong(billed),
                cost.isEmpty()
                        ? -1
                        : new BigDecimal(cost).movePointRight(PICO_DIGITS).longValueExact());
    }

    static Attempt unanswered(boolean isSent) {
        return new Attempt(null, 0, isSent ? Ending.LOST : Ending.REFUSED, false, -1, -1);
    }

    /** As a line of the client's log. */
    String line() {
        return "%s %d %s %b %d %d\n"
                .formatted(
                        invocationId == null ? "-" : invocationId, status, ending, isMetered, billedMillis, costPicos);
    }

    static Attempt parse(String line) {
        String[] fields = line.split(" ");
        return new Attempt(
                fields[0].equals("-") ? null : UUID.fromString(fields[0]),
                Integer.parseInt(fields[1]),
                Ending.valueOf(fields[2]),
                Boolean.parseBoolean(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]));
    }
}
