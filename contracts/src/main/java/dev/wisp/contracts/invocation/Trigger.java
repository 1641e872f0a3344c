package dev.wisp.contracts.invocation;

/**
 * What had a call made, as records, metrics and spans name it. Source: OpenTelemetry's semantic conventions for FaaS,
 * {@code faas.trigger}; nothing here is made by a timer, for schedules keep instances and call nobody.
 */
public enum Trigger {
    /** In records from before it was recorded. */
    UNKNOWN(0, "unknown"),
    /** A request whose caller waits for the answer. */
    HTTP(1, "http"),
    /** A message of the topic of stored calls. */
    PUBSUB(2, "pubsub");

    private final int wireCode;
    private final String label;

    Trigger(int wireCode, String label) {
        this.wireCode = wireCode;
        this.label = label;
    }

    /** Of metrics and spans. */
    public String label() {
        return label;
    }

    /** In records: it never changes. */
    public int wireCode() {
        return wireCode;
    }

    /** Throws {@link IllegalArgumentException} for a code that is none. */
    public static Trigger ofWireCode(int code) {
        for (Trigger trigger : values()) {
            if (trigger.wireCode == code) {
                return trigger;
            }
        }
        throw new IllegalArgumentException("trigger=%d, known are 0..%d".formatted(code, values().length - 1));
    }
}
