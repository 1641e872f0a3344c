package dev.wisp.contracts.bus;

import java.time.Duration;

/**
 * A topic and the type of its values.
 *
 * @param compacted whether the last value of a key is kept
 * @param retention after which values go; zero for never, which only a compacted topic may have
 * @param partitions how many
 * @param linger longest time a value waits for others to travel with; zero for what somebody waits for
 */
public record Topic<T>(
        String name, Class<T> type, boolean compacted, Duration retention, int partitions, Duration linger) {

    static <T> Topic<T> compacted(String name, Class<T> type) {
        return new Topic<>(name, type, true, Duration.ZERO, 4, Duration.ZERO);
    }

    /** One whose last values go too, after the retention: what nobody deleted does not stay for ever. */
    static <T> Topic<T> compacted(String name, Class<T> type, Duration retention) {
        return new Topic<>(name, type, true, retention, 4, Duration.ZERO);
    }

    static <T> Topic<T> kept(String name, Class<T> type, Duration retention, int partitions) {
        return new Topic<>(name, type, false, retention, partitions, Duration.ZERO);
    }

    /** As this one, with values that travel in batches. */
    Topic<T> lingering(Duration longest) {
        return new Topic<>(name, type, compacted, retention, partitions, longest);
    }
}
