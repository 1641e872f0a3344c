package dev.wisp.contracts.dataplane;

import java.util.List;

/**
 * Where the time of one start went, in order; the phases sum to the total.
 *
 * @param totalMicros from the node's taking the command to the instance's listening
 */
public record StartTiming(long totalMicros, List<Phase> phases) {

    /** One step: a short stable name such as {@code claim}, {@code mount}, {@code exec}, {@code listen}. */
    public record Phase(String name, long micros) {}

    public StartTiming {
        phases = List.copyOf(phases);
    }
}
