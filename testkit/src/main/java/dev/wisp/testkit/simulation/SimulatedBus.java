package dev.wisp.testkit.simulation;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.bus.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One process's connection to a {@link SimulatedKafka}. */
public final class SimulatedBus implements Bus {

    private static final Duration SEND_MAX = Duration.ofMillis(20);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);
    private static final double LOST = 0.01;

    private final SimulatedKafka kafka;
    private final VirtualTime time;
    private final String name;
    private final Chance chance;
    private final List<SimulatedReader<?>> readers = new ArrayList<>();
    private final List<Runnable> onKill = new ArrayList<>();
    private boolean alive = true;
    private boolean reachable = true;
    private boolean suspended;
    private long lastSendNanos;

    SimulatedBus(SimulatedKafka kafka, VirtualTime time, String name) {
        this.kafka = kafka;
        this.time = time;
        this.name = name;
        this.chance = time.chance(name + " sends");
    }

    /** Of the process. */
    public String name() {
        return name;
    }

    /** The process is gone: nothing of it happens any more, and its membership ends when it is missed. */
    public void kill() {
        if (alive) {
            alive = false;
            onKill.forEach(Runnable::run);
            onKill.clear();
        }
    }

    /** Runs when the process ends. */
    public void onKill(Runnable action) {
        onKill.add(action);
    }

    public boolean isAlive() {
        return alive;
    }

    /** Whether the process reaches the broker. */
    public void setReachable(boolean reaches) {
        reachable = reaches;
    }

    /** Whether the process stands still. What it does by itself is to be stopped by who made it. */
    public void setSuspended(boolean stands) {
        suspended = stands;
    }

    public boolean isSuspended() {
        return suspended;
    }

    /** Whether what happens at the broker reaches the process, and the other way round. */
    public boolean isConnected() {
        return alive && reachable && !suspended;
    }

    boolean isRunning() {
        return alive && !suspended;
    }

    @Override
    public <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        // One producer's values keep their order.
        long at = Math.max(
                lastSendNanos,
                time.nanos() + chance.between(Duration.ZERO, SEND_MAX).toNanos());
        lastSendNanos = at;
        time.after(Duration.ofNanos(at - time.nanos()), () -> arrive(topic, key, value, done));
        return done;
    }

    @Override
    public <T> Subscription subscribe(Topic<T> topic, BiConsumer<String, @Nullable T> handler) {
        SimulatedReader<T> reader = new SimulatedReader<>(this, time, kafka, topic, handler);
        for (int partition = 0; partition < topic.partitions(); partition++) {
            reader.add(partition, topic.compacted() ? 0 : kafka.log(topic).end(partition), null);
        }
        readers.add(reader);
        return reader;
    }

    @Override
    public <T> Subscription share(Topic<T> topic, GroupMember member, SharedHandler<T> handler) {
        SimulatedReader<T> reader = new SimulatedReader<>(this, time, kafka, topic, handler::value);
        readers.add(reader);
        SimulatedMember<T> joined = new SimulatedMember<>(this, time, kafka.log(topic), reader, handler);
        kafka.group(member.group(), topic).join(joined);
        return reader;
    }

    @Override
    public void close() {
        kill();
    }

    void appended(Topic<?> topic) {
        readers.forEach(reader -> reader.appended(topic));
    }

    private void arrive(Topic<?> topic, String key, @Nullable Object value, CompletableFuture<Void> done) {
        boolean lost = !reachable || (kafka.isFaulty() && chance.of(LOST));
        // Who is not answered does not know whether the value is there.
        boolean kept = !lost || (reachable && chance.of(0.5));
        if (kept && (alive || chance.of(0.5))) {
            kafka.log(topic).append(key, value, time.instant());
            kafka.appended(topic);
        }
        Duration answer = lost ? chance.between(Duration.ofSeconds(1), DELIVERY_TIMEOUT) : SEND_MAX;
        time.after(answer, () -> answer(done, lost));
    }

    private void answer(CompletableFuture<Void> done, boolean lost) {
        if (!alive) {
            return;
        }
        if (suspended) {
            time.after(SEND_MAX, () -> answer(done, lost));
        } else if (lost) {
            done.completeExceptionally(new IllegalStateException("no answer from the broker"));
        } else {
            done.complete(null);
        }
    }
}
