package dev.wisp.testkit;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.bus.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A bus inside one test: delivers on the publisher's thread, replays compacted topics to late subscribers, and fails every publish while
 * {@link #cut()}. Thread-safe.
 */
public final class MemoryBus implements Bus {

    private static final int KEPT_MAX = 10_000;

    private final Map<String, List<BiConsumer<String, ?>>> handlers = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> compacted = new LinkedHashMap<>();
    private final Map<String, MemoryGroup<?>> groups = new LinkedHashMap<>();
    private final Map<String, List<Kept>> kept = new LinkedHashMap<>();
    private boolean connected = true;

    /** A value of a topic that is not compacted. */
    record Kept(String key, @Nullable Object value) {}

    @Override
    public synchronized <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value) {
        if (!connected) {
            return CompletableFuture.failedFuture(new IllegalStateException("bus is cut"));
        }
        if (topic.compacted()) {
            keep(topic, key, value);
        } else {
            List<Kept> values = kept.computeIfAbsent(topic.name(), name -> new ArrayList<>());
            values.add(new Kept(key, value));
            if (values.size() > KEPT_MAX) {
                values.removeFirst();
            }
        }
        // A handler may publish and subscribe in turn.
        for (BiConsumer<String, ?> handler : List.copyOf(handlers.getOrDefault(topic.name(), List.of()))) {
            deliver(handler, key, value);
        }
        groups.values().forEach(group -> group.published(topic, key, value));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized <T> Subscription subscribe(Topic<T> topic, BiConsumer<String, @Nullable T> handler) {
        new LinkedHashMap<>(compacted.getOrDefault(topic.name(), Map.of()))
                .forEach((key, value) -> deliver(handler, key, value));
        handlers.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(handler);
        return new Subscription() {
            @Override
            public CompletableFuture<Void> caughtUp() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                remove(topic, handler);
            }
        };
    }

    /** One member has every partition; when it closes, the one that came next has them. */
    @Override
    @SuppressWarnings("unchecked") // All members of a group read the same topic.
    public synchronized <T> Subscription share(Topic<T> topic, GroupMember member, SharedHandler<T> handler) {
        MemoryGroup<T> group =
                (MemoryGroup<T>) groups.computeIfAbsent(member.group(), name -> new MemoryGroup<>(topic));
        group.join(handler, kept.getOrDefault(topic.name(), List.of()));
        return new Subscription() {
            @Override
            public CompletableFuture<Void> caughtUp() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                leave(group, handler);
            }
        };
    }

    /** The owner of a group's partitions falls silent: the member after it has them, and the former owner is not told. */
    public synchronized void passOn(String groupName) {
        MemoryGroup<?> group = groups.get(groupName);
        if (group != null) {
            group.passOn(kept.getOrDefault(group.topic().name(), List.of()));
        }
    }

    private synchronized <T> void leave(MemoryGroup<T> group, SharedHandler<T> handler) {
        group.leave(handler, kept.getOrDefault(group.topic().name(), List.of()));
    }

    /** From now on every publish fails, as with the broker away. */
    public synchronized void cut() {
        connected = false;
    }

    public synchronized void restore() {
        connected = true;
    }

    /** The last value of a key of a compacted topic, null when there is none. */
    public synchronized <T> @Nullable T last(Topic<T> topic, String key) {
        return topic.type().cast(compacted.getOrDefault(topic.name(), Map.of()).get(key));
    }

    @Override
    public synchronized void close() {
        handlers.clear();
    }

    private synchronized void remove(Topic<?> topic, BiConsumer<String, ?> handler) {
        handlers.getOrDefault(topic.name(), new ArrayList<>()).remove(handler);
    }

    private void keep(Topic<?> topic, String key, @Nullable Object value) {
        Map<String, Object> values = compacted.computeIfAbsent(topic.name(), name -> new LinkedHashMap<>());
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    @SuppressWarnings("unchecked") // A handler is registered under its own topic, whose type it has.
    private static void deliver(BiConsumer<String, ?> handler, String key, @Nullable Object value) {
        ((BiConsumer<String, @Nullable Object>) handler).accept(key, value);
    }
}
