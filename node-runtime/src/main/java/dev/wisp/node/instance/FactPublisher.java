package dev.wisp.node.instance;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the newest value of a key until the broker has it; an older one that was not sent yet is replaced. At most
 * {@link #KEYS_MAX} keys wait while the broker is away; past that new keys are dropped, and what they said is told by the next
 * refresh. Thread-safe, never blocks.
 */
final class FactPublisher {

    static final int KEYS_MAX = 20_000;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Bus bus;
    private final ScheduledExecutorService clock;
    private final Map<Key, Fact<?>> waiting = new ConcurrentHashMap<>();

    private record Key(String topic, String key) {}

    private record Fact<T>(Topic<T> topic, @Nullable T value) {}

    FactPublisher(Bus bus, ScheduledExecutorService clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /** Null is a tombstone. */
    <T> void publish(Topic<T> topic, String key, @Nullable T value) {
        Key name = new Key(topic.name(), key);
        if (waiting.size() >= KEYS_MAX && !waiting.containsKey(name)) {
            return;
        }
        Fact<T> fact = new Fact<>(topic, value);
        waiting.put(name, fact);
        send(name, fact);
    }

    /** Publishes once, for facts that the next one soon replaces. */
    <T> void publishOnce(Topic<T> topic, String key, T value) {
        bus.publish(topic, key, value);
    }

    int waiting() {
        return waiting.size();
    }

    private <T> void send(Key name, Fact<T> fact) {
        bus.publish(fact.topic(), name.key(), fact.value()).whenComplete((done, failure) -> {
            if (failure == null) {
                waiting.remove(name, fact);
            } else if (!clock.isShutdown()) {
                clock.schedule(() -> sendAgain(name, fact), RETRY.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Only if nothing newer was said meanwhile. */
    private void sendAgain(Key name, Fact<?> fact) {
        if (fact.equals(waiting.get(name))) {
            send(name, fact);
        }
    }
}
