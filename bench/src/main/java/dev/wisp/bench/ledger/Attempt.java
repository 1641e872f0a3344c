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
 * @param span when it was
 */
record Attempt(
        @Nullable UUID invocationId,
        int status,
        Ending ending,
        boolean isMetered,
        long billedMillis,
        long costPicos,
        Span span) {

    /**
     * From before the request was sent until its caller knew how it ended, by the clock of the caller's host, milliseconds since 1970 UTC. The
     * gateway makes a call's id with its time in it, so that a record whose id no caller heard of still has to be of such a call.
     */
    record Span(long fromMillis, long toMillis) {

        /** Clocks of two processes on one host, and rounding. */
        private static final long SLACK_MILLIS = 50;

        boolean holds(long millis) {
            return fromMillis - SLACK_MILLIS <= millis && millis <= toMillis + SLACK_MILLIS;
        }
    }

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

    static Attempt of(HttpAnswer answer, Span span) {
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
                        : new BigDecimal(cost).movePointRight(PICO_DIGITS).longValueExact(),
                span);
    }

    static Attempt unanswered(boolean isSent, Span span) {
        return new Attempt(null, 0, isSent ? Ending.LOST : Ending.REFUSED, false, -1, -1, span);
    }

    /** As a line of the client's log. */
    String line() {
        return "%s %d %s %b %d %d %d %d\n"
                .formatted(
                        invocationId == null ? "-" : invocationId,
                        status,
                        ending,
                        isMetered,
                        billedMillis,
                        costPicos,
                        span.fromMillis(),
                        span.toMillis());
    }

    static Attempt parse(String line) {
        String[] fields = line.split(" ");
        return new Attempt(
                fields[0].equals("-") ? null : UUID.fromString(fields[0]),
                Integer.parseInt(fields[1]),
                Ending.valueOf(fields[2]),
                Boolean.parseBoolean(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                new Span(Long.parseLong(fields[6]), Long.parseLong(fields[7])));
    }
}
