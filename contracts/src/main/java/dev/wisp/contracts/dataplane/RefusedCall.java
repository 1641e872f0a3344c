package dev.wisp.contracts.dataplane;

import java.util.UUID;

/**
 * A call that a gateway answered in its own name, as a trace tells of it.
 *
 * @param traceparent as the caller sent it, anything at all
 * @param code of the problem that it was answered with, {@code E1501}
 * @param micros from the gateway's having the head to that answer
 */
public record RefusedCall(
        UUID invocationId, RequestMethod method, String traceparent, int status, String code, long micros) {}
