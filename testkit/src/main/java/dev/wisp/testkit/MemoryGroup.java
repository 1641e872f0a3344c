package dev.wisp.testkit;

import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.bus.Topic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members that share one topic of a {@link MemoryBus}, who guards it; the first of them has every partition. */
final class MemoryGroup<T> {

    private final Topic<T> topic;
    private final List<SharedHandler<T>> members = new ArrayList<>();
    private long term;

    MemoryGroup(Topic<T> topic) {
        this.topic = topic;
    }

    Topic<T> topic() {
        return topic;
    }

    void join(SharedHandler<T> handler, List<MemoryBus.Kept> kept) {
        members.add(handler);
        if (members.size() == 1) {
            takeOver(kept);
        }
    }

    void leave(SharedHandler<T> handler, List<MemoryBus.Kept> kept) {
        boolean owner = members.indexOf(handler) == 0;
        members.remove(handler);
        if (owner) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                handler.revoked(partition);
            }
            takeOver(kept);
        }
    }

    void passOn(List<MemoryBus.Kept> kept) {
        if (members.size() > 1) {
            members.removeFirst();
            takeOver(kept);
        }
    }

    void published(Topic<?> to, String key, @Nullable Object value) {
        if (to.equals(topic) && !members.isEmpty()) {
            members.getFirst().value(key, topic.type().cast(value));
        }
    }

    private void takeOver(List<MemoryBus.Kept> kept) {
        if (members.isEmpty()) {
            return;
        }
        SharedHandler<T> owner = members.getFirst();
        term = Math.max(term, owner.termSeen()) + 1;
        for (int partition = 0; partition < topic.partitions(); partition++) {
            owner.assigned(partition, topic.partitions(), term);
        }
        if (owner.reread().isPositive()) {
            kept.forEach(value -> owner.value(value.key(), topic.type().cast(value.value())));
        }
        for (int partition = 0; partition < topic.partitions(); partition++) {
            owner.caughtUp(partition);
        }
    }
}
