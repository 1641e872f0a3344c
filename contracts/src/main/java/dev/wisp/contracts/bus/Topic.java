package dev.wisp.contracts.bus;

import java.time.Duration;

/**
 * A topic and the type of its values.
 *
 * @param compacted whether the last value of a key is kept for ever; otherwise values go after {@code retention}
 * @param partitions how many
 */
public record Topic<T>(String name, Class<T> type, boolean compacted, Duration retention, int partitions) {

    static <T> Topic<T> compacted(String name, Class<T> type) {
        return new Topic<>(name, type, true, Duration.ZERO, 4);
    }

    static <T> Topic<T> kept(String name, Class<T> type, Duration retention, int partitions) {
        return new Topic<>(name, type, false, retention, partitions);
    }
}
