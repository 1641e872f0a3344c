package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.invocation.Outcome;

/** How an exchange with an instance ended. */
public sealed interface ProxyOutcome {

    /** The caller was answered, by the container or with a problem document, and the invocation is in the journal. */
    record Done(int status, Outcome outcome) implements ProxyOutcome {}

    /** The instance was gone or going, and nothing of the request was consumed. */
    record Refused(String detail) implements ProxyOutcome {}
}
