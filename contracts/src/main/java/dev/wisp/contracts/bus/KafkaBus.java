package dev.wisp.contracts.bus;

import dev.wisp.contracts.invocation.InvocationBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Bus} over Kafka. Sends run on one thread because the producer's {@code send} blocks while it has no metadata, which is
 * exactly when the broker is away. Thread-safe.
 */
public final class KafkaBus implements Bus {

    private static final int QUEUE_MAX = 10_000;
    private static final int BATCH_BYTES = 16 << 10;
    private static final int LINGERING_BATCH_BYTES = 256 << 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final String bootstrapServers;
    private final String clientId;
    private final Producer<byte[], byte[]> producer;
    private final Map<Duration, Producer<byte[], byte[]>> lingering = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor sender;
    private final List<Subscription> readers = new CopyOnWriteArrayList<>();

    public KafkaBus(String bootstrapServers, String clientId) {
        this.bootstrapServers = bootstrapServers;
        this.clientId = clientId;
        this.producer = new KafkaProducer<>(
                producerConfig(bootstrapServers, clientId, Duration.ZERO),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE_MAX),
                Thread.ofPlatform().name(clientId + "-bus-send").daemon().factory());
    }

    @Override
    public <T> CompletableFuture<Void> publish(Topic<T> topic, String key, @Nullable T value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        byte[] bytes = value == null ? null : encode(value);
        try {
            sender.execute(() -> send(topic, key, bytes, done));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(
                    new IllegalStateException("bus is closed or has %d values waiting".formatted(QUEUE_MAX), e));
        }
        return done;
    }

    @Override
    public <T> Subscription subscribe(Topic<T> topic, BiConsumer<String, @Nullable T> handler) {
        TopicReader<T> reader = new TopicReader<>(bootstrapServers, clientId, topic, handler);
        readers.add(reader);
        reader.start();
        return reader;
    }

    @Override
    public <T> Subscription share(Topic<T> topic, GroupMember member, SharedHandler<T> handler) {
        SharedReader<T> reader = new SharedReader<>(bootstrapServers, clientId, topic, member, handler);
        readers.add(reader);
        reader.start();
        return reader;
    }

    @Override
    public void close() {
        readers.forEach(Subscription::close);
        sender.shutdown();
        lingering.values().forEach(other -> other.close(CLOSE_TIMEOUT));
        producer.close(CLOSE_TIMEOUT);
        sender.shutdownNow();
    }

    private void send(Topic<?> topic, String key, byte @Nullable [] value, CompletableFuture<Void> done) {
        try {
            producer(topic.linger())
                    .send(
                            new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    done.complete(null);
                                } else {
                                    done.completeExceptionally(failure);
                                }
                            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    /** How long values wait for others is a producer's setting, and most topics' must not wait at all. */
    private Producer<byte[], byte[]> producer(Duration linger) {
        return linger.isZero() ? producer : lingering.computeIfAbsent(linger, this::newProducer);
    }

    private Producer<byte[], byte[]> newProducer(Duration linger) {
        return new KafkaProducer<>(
                producerConfig(bootstrapServers, clientId + "-batch", linger),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static byte[] encode(Object value) {
        return value instanceof InvocationBatch invocations ? invocations.write() : WireJson.write(value);
    }

    private static Map<String, Object> producerConfig(String bootstrapServers, String clientId, Duration linger) {
        return Map.ofEntries(
                Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, clientId),
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis()),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, linger.isZero() ? BATCH_BYTES : LINGERING_BATCH_BYTES),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000),
                Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000),
                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20));
    }
}
