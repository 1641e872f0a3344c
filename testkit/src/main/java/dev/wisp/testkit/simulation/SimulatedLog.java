package dev.wisp.testkit.simulation;

import dev.wisp.contracts.bus.Partitions;
import dev.wisp.contracts.bus.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one topic holds, by partition. */
final class SimulatedLog {

    /** Readers that are further behind than this many values than were compacted away would be lost; none is. */
    private final List<List<Entry>> partitions = new ArrayList<>();

    private final Topic<?> topic;

    /** A value, null being a tombstone. */
    record Entry(long offset, String key, @Nullable Object value, Instant at) {}

    SimulatedLog(Topic<?> topic) {
        this.topic = topic;
        for (int i = 0; i < topic.partitions(); i++) {
            partitions.add(new ArrayList<>());
        }
    }

    Topic<?> topic() {
        return topic;
    }

    void append(String key, @Nullable Object value, Instant at) {
        int partition = Partitions.of(key, partitions.size());
        partitions.get(partition).add(new Entry(end(partition), key, value, at));
    }

    /** The offset that the next value will have. */
    long end(int partition) {
        List<Entry> entries = partitions.get(partition);
        return entries.isEmpty() ? 0 : entries.getLast().offset() + 1;
    }

    /** The first value at that offset or after it, null when there is none. */
    @Nullable
    Entry from(int partition, long offset) {
        List<Entry> entries = partitions.get(partition);
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < entries.size() ? entries.get(low) : null;
    }

    /** The first offset whose value came then or later. */
    long offsetAt(int partition, Instant at) {
        for (Entry entry : partitions.get(partition)) {
            if (!entry.at().isBefore(at)) {
                return entry.offset();
            }
        }
        return end(partition);
    }

    /** Keeps the last value of each key, whatever it says, and tombstones that came last; of other topics everything. */
    void compact() {
        if (!topic.compacted()) {
            return;
        }
        for (List<Entry> entries : partitions) {
            Set<String> later = new HashSet<>();
            List<Entry> kept = new ArrayList<>();
            for (Entry entry : entries.reversed()) {
                if (later.add(entry.key())) {
                    kept.addFirst(entry);
                }
            }
            entries.clear();
            entries.addAll(kept);
        }
    }

    /** The last value of a key, null when there is none. */
    @Nullable
    Object last(String key) {
        for (Entry entry : partitions.get(Partitions.of(key, partitions.size())).reversed()) {
            if (entry.key().equals(key)) {
                return entry.value();
            }
        }
        return null;
    }
}
