package dev.wisp.testkit.simulation;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads partitions of one topic, each at its own pace. */
final class SimulatedReader<T> implements Bus.Subscription {

    private static final Duration FETCH_MAX = Duration.ofMillis(15);
    private static final Duration SLOW_FETCH_MAX = Duration.ofSeconds(1);
    private static final Duration UNREACHABLE_RETRY = Duration.ofMillis(250);
    private static final double SLOW = 0.01;
    private static final double REPEATED = 0.002;
    private static final int REPEATED_MAX = 4;

    private final SimulatedBus bus;
    private final VirtualTime time;
    private final SimulatedKafka kafka;
    private final Topic<T> topic;
    private final SimulatedLog log;
    private final BiConsumer<String, @Nullable T> handler;
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Chance chance;
    private boolean closed;

    private static final class Cursor {
        private final int partition;
        private final long first;
        private final long behindUntil;
        private final @Nullable Runnable onCaughtUp;
        private long next;
        private boolean behind = true;
        private boolean fetching;

        private Cursor(int partition, long first, long behindUntil, @Nullable Runnable onCaughtUp) {
            this.partition = partition;
            this.first = first;
            this.next = first;
            this.behindUntil = behindUntil;
            this.onCaughtUp = onCaughtUp;
        }
    }

    SimulatedReader(
            SimulatedBus bus,
            VirtualTime time,
            SimulatedKafka kafka,
            Topic<T> topic,
            BiConsumer<String, @Nullable T> handler) {
        this.bus = bus;
        this.time = time;
        this.kafka = kafka;
        this.topic = topic;
        this.log = kafka.log(topic);
        this.chance = time.chance("%s reads %s".formatted(bus.name(), topic.name()));
        this.handler = handler;
    }

    void add(int partition, long from, @Nullable Runnable onCaughtUp) {
        Cursor cursor = new Cursor(partition, from, log.end(partition), onCaughtUp);
        cursors.put(partition, cursor);
        fetch(cursor);
    }

    void remove(int partition) {
        cursors.remove(partition);
    }

    void appended(Topic<?> to) {
        if (to.equals(topic)) {
            cursors.values().forEach(this::fetch);
        }
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void fetch(Cursor cursor) {
        if (cursor.fetching || closed) {
            return;
        }
        cursor.fetching = true;
        boolean slow = kafka.isFaulty() && chance.of(SLOW);
        time.after(chance.between(Duration.ZERO, slow ? SLOW_FETCH_MAX : FETCH_MAX), () -> fetched(cursor));
    }

    private void fetched(Cursor cursor) {
        cursor.fetching = false;
        if (closed || !bus.isAlive() || cursors.get(cursor.partition) != cursor) {
            return;
        }
        if (!bus.isConnected()) {
            cursor.fetching = true;
            time.after(UNREACHABLE_RETRY, () -> fetched(cursor));
            return;
        }
        if (kafka.isFaulty() && chance.of(REPEATED)) {
            cursor.next = Math.max(cursor.first, cursor.next - chance.below(REPEATED_MAX));
        }
        deliver(cursor);
    }

    private void deliver(Cursor cursor) {
        for (SimulatedLog.Entry entry = log.from(cursor.partition, cursor.next);
                entry != null && bus.isRunning() && cursors.get(cursor.partition) == cursor;
                entry = log.from(cursor.partition, cursor.next)) {
            cursor.next = entry.offset() + 1;
            handler.accept(entry.key(), topic.type().cast(entry.value()));
        }
        if (cursor.behind && cursor.next >= cursor.behindUntil) {
            cursor.behind = false;
            if (cursor.onCaughtUp != null) {
                cursor.onCaughtUp.run();
            }
            if (cursors.values().stream().noneMatch(other -> other.behind)) {
                caughtUp.complete(null);
            }
        }
    }
}
