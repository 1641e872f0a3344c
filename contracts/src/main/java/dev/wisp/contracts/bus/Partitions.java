package dev.wisp.contracts.bus;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Where values of a key go. */
public final class Partitions {

    private Partitions() {}

    /** The partition of a key, as the producer chooses it. */
    public static int of(String key, int partitions) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), partitions);
    }
}
