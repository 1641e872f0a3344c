package dev.wisp.contracts.bus;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a member does with partitions that come to it: counts their terms on, and goes back to where reading begins. The term is kept as
 * the metadata of the group's committed offset. The group's coordinator takes a commit from the present owner alone, so that no two
 * owners of a partition ever have the same term.
 */
final class Takeover<T> {

    private final Consumer<byte[], byte[]> consumer;
    private final SharedHandler<T> handler;

    Takeover(Consumer<byte[], byte[]> consumer, SharedHandler<T> handler) {
        this.consumer = consumer;
        this.handler = handler;
    }

    /**
     * A partition that is this member's.
     *
     * @param endOffset where the partition ended when it came
     * @param partitions of the topic
     */
    record Taken(long term, long endOffset, int partitions) {}

    Map<TopicPartition, Taken> take(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(rereadFrom(partitions));
        Map<TopicPartition, Taken> taken = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> claims = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long term = Math.max(term(committed.get(partition)), handler.termSeen()) + 1;
            claims.put(partition, new OffsetAndMetadata(end, Long.toString(term)));
            taken.put(
                    partition,
                    new Taken(
                            term, end, consumer.partitionsFor(partition.topic()).size()));
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? end : start.offset());
        }
        consumer.commitSync(claims);
        return taken;
    }

    private Map<TopicPartition, Long> rereadFrom(Collection<TopicPartition> partitions) {
        long from = System.currentTimeMillis() - handler.reread().toMillis();
        Map<TopicPartition, Long> starts = new HashMap<>();
        partitions.forEach(partition -> starts.put(partition, from));
        return starts;
    }

    /** 0 when there was no owner before, or its term cannot be read. */
    private static long term(@Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return 0;
        }
        try {
            return Long.parseLong(committed.metadata());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
