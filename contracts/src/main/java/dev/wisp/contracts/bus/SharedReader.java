package dev.wisp.contracts.bus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Reads those partitions of one topic that a consumer group gives it; joins again until it can. */
final class SharedReader<T> implements Bus.Subscription, ReaderThread.Reading {

    private static final Logger LOG = Logger.getLogger(SharedReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** The least that brokers allow unless told otherwise. */
    private static final int SESSION_TIMEOUT_MILLIS = 6_000;

    private final String bootstrapServers;
    private final String clientId;
    private final Topic<T> topic;
    private final GroupMember member;
    private final SharedHandler<T> handler;
    private final Map<TopicPartition, Long> behind = new HashMap<>();
    private final Set<TopicPartition> owned = new HashSet<>();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final ReaderThread thread;

    SharedReader(
            String bootstrapServers, String clientId, Topic<T> topic, GroupMember member, SharedHandler<T> handler) {
        this.bootstrapServers = bootstrapServers;
        this.clientId = clientId;
        this.topic = topic;
        this.member = member;
        this.handler = handler;
        this.thread = new ReaderThread(clientId + "-share-" + topic.name(), config(), this);
    }

    void start() {
        thread.start();
    }

    /** Completes with the first partition that was caught up with. */
    @Override
    public CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    /** Leaves the group, so that others need not wait until this member is missed; gives up after two seconds. */
    @Override
    public void close() {
        thread.close();
        thread.join(CLOSE_TIMEOUT);
    }

    @Override
    public void read(Consumer<byte[], byte[]> opened) {
        opened.subscribe(List.of(topic.name()), new Rebalances(opened));
        while (!thread.isClosed()) {
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
                deliver(record);
            }
            tellCaughtUp(opened);
        }
    }

    @Override
    public void ended() {
        lose(List.copyOf(owned));
    }

    /** Changes of ownership, told on the reader's thread while it polls; an exception ends the membership. */
    private final class Rebalances implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> opened;

        private Rebalances(Consumer<byte[], byte[]> opened) {
            this.opened = opened;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                new Takeover<>(opened, handler).take(partitions).forEach(this::assigned);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            lose(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lose(partitions);
        }

        private void assigned(TopicPartition partition, Takeover.Taken taken) {
            owned.add(partition);
            behind.put(partition, taken.endOffset());
            handler.assigned(partition.partition(), taken.partitions(), taken.term());
        }
    }

    private void lose(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            behind.remove(partition);
            if (owned.remove(partition)) {
                handler.revoked(partition.partition());
            }
        }
    }

    private void tellCaughtUp(Consumer<byte[], byte[]> opened) {
        for (Map.Entry<TopicPartition, Long> entry : Map.copyOf(behind).entrySet()) {
            if (opened.position(entry.getKey()) >= entry.getValue()) {
                behind.remove(entry.getKey());
                handler.caughtUp(entry.getKey().partition());
                caughtUp.complete(null);
            }
        }
    }

    private void deliver(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        try {
            handler.value(key, record.value() == null ? null : TopicReader.decode(topic, record.value()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "skipped %s key=%s offset=%d", topic.name(), key, record.offset());
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                clientId + "-share-" + topic.name(),
                ConsumerConfig.GROUP_ID_CONFIG,
                member.group(),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest"));
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_TIMEOUT_MILLIS / 4);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 2 * SESSION_TIMEOUT_MILLIS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_500);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        if (!member.name().isEmpty()) {
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member.name());
        }
        return config;
    }
}
