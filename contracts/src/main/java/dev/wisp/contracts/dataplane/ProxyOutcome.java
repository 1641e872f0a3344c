package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.invocation.Outcome;
import org.jspecify.annotations.Nullable;

/** How an exchange with an instance ended. */
public sealed interface ProxyOutcome {

    /** A cost that is not known here: whoever set money aside for the call has to take all of it as spent. */
    long COST_UNKNOWN = -1;

    /**
     * The caller was answered, by the container or with a problem document, and the invocation is in the journal.
     *
     * @param costPicos of its record, {@link #COST_UNKNOWN} when the node did not say
     * @param failed whether the node answered in the container's place: it broke off, took too long or made no sense. A container's own
     *     5xx is its answer and no such failure
     * @param trace of the call, null when it is not sent anywhere or the node is on another host
     */
    record Done(
            int status,
            Outcome outcome,
            long costPicos,
            boolean failed,
            @Nullable CallTrace trace) implements ProxyOutcome {

        public Done(int status, Outcome outcome, long costPicos, boolean failed) {
            this(status, outcome, costPicos, failed, null);
        }

        public Done(int status, Outcome outcome, long costPicos) {
            this(status, outcome, costPicos, false);
        }

        public Done(int status, Outcome outcome) {
            this(status, outcome, COST_UNKNOWN);
        }
    }

    /** Nothing of the request reached the instance: another one may be asked. */
    record Refused(Why why, String detail) implements ProxyOutcome {

        /** By an instance that is gone, going or full. */
        public Refused(String detail) {
            this(Why.GONE, detail);
        }
    }

    /** Why an instance did not get a request. */
    enum Why {
        /** It is gone, going or full, and is not to be asked again before it is announced anew. */
        GONE,
        /** It is there, and no connection to it came about. */
        UNCONNECTED
    }

    /**
     * The instance broke off before the head of an answer was complete, and {@link Dispatch#repeatable} was set: the caller has heard
     * nothing, the journal has nothing, and nothing is billed. The gateway sends the request to another instance or answers itself.
     */
    record Broken(String detail) implements ProxyOutcome {}
}
