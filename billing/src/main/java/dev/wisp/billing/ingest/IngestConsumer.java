package dev.wisp.billing.ingest;

import dev.wisp.contracts.invocation.InvocationBatch;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer of invocations: no group, since offsets live in Postgres and partitions are taken by hand. */
final class IngestConsumer {

    private IngestConsumer() {}

    static Consumer<byte[], byte[]> open(String bootstrapServers, int batchMax) {
        return new KafkaConsumer<>(
                config(bootstrapServers, batchMax), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> config(String bootstrapServers, int batchMax) {
        return Map.ofEntries(
                Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, "wisp-billing-ingest"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                // Only when the ledger's offset is outside what the broker keeps: then everything it still has.
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.max(1, batchMax / InvocationBatch.RECORDS_MAX)),
                Map.entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1),
                Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000),
                Map.entry(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_500),
                Map.entry(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500));
    }
}
