package dev.wisp.gateway.explain;

/**
 * One try of a call that did not end in an answer of the instance's.
 *
 * @param beganMicros from the call's arrival at the gateway until it was sent to that instance
 * @param tookMicros from then until the attempt was over
 * @param detail what was seen, and what follows for the instance; at most {@value #DETAIL_LENGTH_MAX} characters
 */
public record EndedAttempt(
        String instanceId, String nodeId, Ending ending, String detail, long beganMicros, long tookMicros) {

    /** Longest detail that is kept. */
    public static final int DETAIL_LENGTH_MAX = 300;

    /** How it ended. */
    public enum Ending {
        /** The instance was gone, going or full, or its node out of reach: nothing was sent, the call goes elsewhere. */
        REFUSED,
        /** No connection to the instance came about: nothing was sent, the call goes elsewhere. */
        UNCONNECTED,
        /** The instance broke off before it answered, and the call goes elsewhere a second time. */
        BROKEN,
        /** The instance broke off, took too long or made no sense, and the call was not made again. */
        FAILED
    }

    public EndedAttempt {
        detail = detail.length() <= DETAIL_LENGTH_MAX ? detail : detail.substring(0, DETAIL_LENGTH_MAX);
    }
}
