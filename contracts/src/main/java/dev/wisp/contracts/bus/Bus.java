package dev.wisp.contracts.bus;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The border between services. Nobody waits for it while a request hangs: publishing never blocks, and with the broker away it fails
 * its future after the delivery timeout while everything else goes on.
 */
public interface Bus extends AutoCloseable {

    /**
     * Sends one value, null being a tombstone; the future completes when the broker has it. At most 10,000 values wait; past that the
     * future fails at once.
     */
    <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value);

    /**
     * Reads a topic on a thread of its own: compacted topics from the start, others from now on. The handler gets key and value, null
     * being a tombstone; it may see a value twice and must not throw. A value that cannot be read is logged and skipped.
     */
    <T> Subscription subscribe(Topic<T> topic, BiConsumer<String, @Nullable T> handler);

    /**
     * Reads a topic together with the other members of a group, each its own partitions, on a thread of its own. A member that dies or
     * falls silent for six seconds loses its partitions to the others, who read the last while of them again.
     */
    <T> Subscription share(Topic<T> topic, GroupMember member, SharedHandler<T> handler);

    @Override
    void close();

    /** A running reader. */
    interface Subscription extends AutoCloseable {

        /** Completes when the handler has seen everything that was in the topic when the subscription first reached the broker. */
        CompletableFuture<Void> caughtUp();

        @Override
        void close();
    }
}
