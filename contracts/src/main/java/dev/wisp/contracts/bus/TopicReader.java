package dev.wisp.contracts.bus;

import dev.wisp.contracts.invocation.InvocationBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads every partition of one topic without a consumer group, so that each process sees all of it; starts over until it can. */
final class TopicReader<T> implements Bus.Subscription, ReaderThread.Reading {

    private static final Logger LOG = Logger.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /**
     * How long the broker keeps a question open that it has no answer to, ms; a value that comes meanwhile is sent at once. All readers of
     * an idle process ask on and on. Shorter than the time limit of a request.
     */
    private static final int FETCH_WAIT_MILLIS = 2_000;

    private final String bootstrapServers;
    private final String clientId;
    private final Topic<T> topic;
    private final BiConsumer<String, @Nullable T> handler;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final ReaderThread thread;

    TopicReader(String bootstrapServers, String clientId, Topic<T> topic, BiConsumer<String, @Nullable T> handler) {
        this.bootstrapServers = bootstrapServers;
        this.clientId = clientId;
        this.topic = topic;
        this.handler = handler;
        this.thread = new ReaderThread(clientId + "-read-" + topic.name(), config(), this);
    }

    void start() {
        thread.start();
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        thread.close();
        thread.interrupt();
    }

    @Override
    public void read(Consumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = partitions(opened);
        opened.assign(partitions);
        Map<TopicPartition, Long> end = opened.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            Long offset = next.get(partition);
            if (offset != null) {
                opened.seek(partition, offset);
            } else if (topic.compacted()) {
                opened.seekToBeginning(List.of(partition));
            } else {
                opened.seek(partition, end.getOrDefault(partition, 0L));
            }
        }
        while (!thread.isClosed()) {
            completeWhenCaughtUp(opened, end);
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
                deliver(record);
                next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = opened.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("topic " + topic.name() + " does not exist yet");
        }
        return partitions;
    }

    private void completeWhenCaughtUp(Consumer<byte[], byte[]> opened, Map<TopicPartition, Long> end) {
        if (!caughtUp.isDone()
                && end.entrySet().stream().allMatch(entry -> opened.position(entry.getKey()) >= entry.getValue())) {
            caughtUp.complete(null);
        }
    }

    private void deliver(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        try {
            handler.accept(key, record.value() == null ? null : decode(topic, record.value()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "skipped %s key=%s offset=%d", topic.name(), key, record.offset());
        }
    }

    static <T> T decode(Topic<T> topic, byte[] value) {
        return topic.type() == InvocationBatch.class
                ? topic.type().cast(InvocationBatch.read(value))
                : WireJson.read(value, topic.type());
    }

    private Map<String, Object> config() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                clientId + "-" + topic.name(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                topic.compacted() ? "earliest" : "latest",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                1,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                FETCH_WAIT_MILLIS,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                3_000,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_500,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500);
    }
}
