package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.invocation.Outcome;

/** How an exchange with an instance ended. */
public sealed interface ProxyOutcome {

    /** A cost that is not known here: whoever set money aside for the call has to take all of it as spent. */
    long COST_UNKNOWN = -1;

    /**
     * The caller was answered, by the container or with a problem document, and the invocation is in the journal.
     *
     * @param costPicos of its record, {@link #COST_UNKNOWN} when the node did not say
     */
    record Done(int status, Outcome outcome, long costPicos) implements ProxyOutcome {

        public Done(int status, Outcome outcome) {
            this(status, outcome, COST_UNKNOWN);
        }
    }

    /** The instance was gone or going, and nothing of the request was consumed. */
    record Refused(String detail) implements ProxyOutcome {}
}
