package dev.wisp.contracts.bus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A thread that reads with a consumer, and with a new one after a pause whenever that fails, until it is closed. */
final class ReaderThread implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ReaderThread.class);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final Map<String, Object> config;
    private final Reading reading;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** What is done with each consumer. */
    interface Reading {

        /** Reads until {@link #isClosed} or an exception of the consumer. */
        void read(Consumer<byte[], byte[]> opened);

        /** The consumer is gone, whichever way. */
        default void ended() {}
    }

    ReaderThread(String name, Map<String, Object> config, Reading reading) {
        this.config = config;
        this.reading = reading;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Has the consumer come back from wherever it waits; returns at once. */
    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
    }

    /** After {@link #close}: does not let it finish what it does. */
    void interrupt() {
        thread.interrupt();
    }

    /** After {@link #close}: lets it finish what it does. */
    void join(Duration longest) {
        try {
            thread.join(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed()) {
            try (KafkaConsumer<byte[], byte[]> opened =
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = opened;
                reading.read(opened);
            } catch (WakeupException | org.apache.kafka.common.errors.InterruptException e) {
                LOG.debugf("%s was woken", thread.getName());
            } catch (KafkaException e) {
                LOG.warnf("%s failed, starting over: %s", thread.getName(), e.getMessage());
                pause();
            } finally {
                reading.ended();
            }
        }
    }

    private void pause() {
        try {
            closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }
}
