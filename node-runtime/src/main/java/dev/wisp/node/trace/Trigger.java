package dev.wisp.node.trace;

import dev.wisp.contracts.dataplane.Dispatch;

/**
 * What had a call made, as metrics and spans name it. Source: OpenTelemetry's semantic conventions for FaaS, {@code faas.trigger}; nothing
 * here is made by a timer, for schedules keep instances and call nobody.
 */
public enum Trigger {
    /** A request whose caller waits for the answer. */
    HTTP,
    /** A message of the topic of stored calls. */
    PUBSUB;

    public static Trigger of(Dispatch dispatch) {
        return dispatch.stored() ? PUBSUB : HTTP;
    }

    public String label() {
        return this == HTTP ? "http" : "pubsub";
    }
}
