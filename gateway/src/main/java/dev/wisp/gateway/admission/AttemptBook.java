package dev.wisp.gateway.admission;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.gateway.admission.InstancePool.Instance;
import dev.wisp.gateway.budget.CallFunds;
import dev.wisp.gateway.explain.EndedAttempt;
import dev.wisp.gateway.explain.EndedAttempt.Ending;
import dev.wisp.gateway.explain.TriedCall;
import dev.wisp.gateway.explain.TriedCalls;
import dev.wisp.gateway.explain.Tries;
import dev.wisp.gateway.repeat.RepeatPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes down what becomes of a revision's calls that do not simply go through; owned by the revision's event loop. */
final class AttemptBook {

    private static final Logger LOG = Logger.getLogger(AttemptBook.class);
    private static final long NANOS_PER_MICRO = 1_000;

    private final RevisionId revision;
    private final TriedCalls calls;

    AttemptBook(RevisionId revision, TriedCalls calls) {
        this.revision = revision;
        this.calls = calls;
    }

    /** An attempt is over, and the instance did not answer. */
    void ended(Exchange exchange, Instance instance, Ending ending, String detail, long now) {
        LOG.debugf("revision=%s instanceId=%s %s: %s", revision, instance.id(), ending, detail);
        tries(exchange)
                .ended(new EndedAttempt(
                        instance.id(),
                        instance.nodeId(),
                        ending,
                        detail,
                        (exchange.sentNanos - exchange.arrivedNanos()) / NANOS_PER_MICRO,
                        (now - exchange.sentNanos) / NANOS_PER_MICRO));
    }

    /** It has to wait; {@code leftAlone} says which instances are not asked, empty for none. */
    void held(Exchange exchange, String leftAlone) {
        if (!leftAlone.isEmpty()) {
            tries(exchange).leftAlone(leftAlone);
        }
    }

    /** It was answered, and to the end unless its budget had no more for it. */
    void answered(Exchange exchange, int status, long now) {
        CallFunds funds = exchange.funds;
        Problem shortfall = funds == null ? null : funds.shortfall();
        if (shortfall == null) {
            over(exchange, status, "answered", now);
        } else {
            tries(exchange);
            over(exchange, status, "answered until no more was set aside for it: " + shortfall.detail(), now);
        }
    }

    /** The call is over; {@code status} 0 when nobody was answered. */
    void over(Exchange exchange, int status, String end, long now) {
        Tries tries = exchange.tries;
        if (tries == null) {
            return;
        }
        calls.add(new TriedCall(
                exchange.id(),
                revision,
                Instant.EPOCH.plus(exchange.receivedAtMicros(), ChronoUnit.MICROS),
                exchange.attempts,
                tries.ended(),
                tries.notKept(),
                tries.leftAlone(),
                status,
                end,
                (now - exchange.arrivedNanos()) / NANOS_PER_MICRO));
    }

    /** Why a call that its instance failed was not made again, and what follows for the instance. */
    static String notRepeated(RepeatPolicy.Verdict verdict, String then) {
        String why = switch (verdict) {
            case REPEAT, TOO_LATE -> "it had begun to answer, took too long, or sent what is no HTTP";
            case NOT_IDEMPOTENT -> "its method is not idempotent and it has no Idempotency-Key";
            case BODY_NOT_KEPT -> "its body is longer than is kept for that";
            case REPEATED_BEFORE -> "it was made again once already";
            case BUDGET_SPENT -> "the revision's budget of repetitions is spent";
        };
        return "not made again: %s; %s".formatted(why, then);
    }

    private static Tries tries(Exchange exchange) {
        @Nullable Tries known = exchange.tries;
        Tries tries = known == null ? new Tries() : known;
        exchange.tries = tries;
        return tries;
    }
}
