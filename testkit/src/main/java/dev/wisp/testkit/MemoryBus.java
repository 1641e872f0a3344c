package dev.wisp.testkit;

import dev.wisp.contracts.bus.Bus;
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

    private final Map<String, List<BiConsumer<String, ?>>> handlers = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> compacted = new LinkedHashMap<>();
    private boolean connected = true;

    @Override
    public synchronized <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value) {
        if (!connected) {
            return CompletableFuture.failedFuture(new IllegalStateException("bus is cut"));
        }
        if (topic.compacted()) {
            keep(topic, key, value);
        }
        // A handler may publish and subscribe in turn.
        for (BiConsumer<String, ?> handler : List.copyOf(handlers.getOrDefault(topic.name(), List.of()))) {
            deliver(handler, key, value);
        }
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
