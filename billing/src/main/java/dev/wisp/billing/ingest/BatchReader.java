package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.RejectedValue;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBooks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns what was read from the topic into a batch: decodes, checks and rates each value, and sets aside what is no record. */
final class BatchReader {

    private final String topic;
    private final Duration recordAgeMax;
    private final PriceBooks books;
    private final Instant now;
    private final List<RatedRecord> records = new ArrayList<>();
    private final List<RejectedValue> rejected = new ArrayList<>();

    BatchReader(String topic, Duration recordAgeMax, PriceBooks books, Instant now) {
        this.topic = topic;
        this.recordAgeMax = recordAgeMax;
        this.books = books;
        this.now = now;
    }

    /**
     * @param positions where each partition's reading stood, per partition of the values
     */
    LedgerBatch read(Iterable<ConsumerRecord<byte[], byte[]>> values, Map<Integer, Long> positions) {
        Map<Integer, Long> from = new HashMap<>();
        Map<Integer, Long> onAt = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> value : values) {
            from.put(value.partition(), positions.getOrDefault(value.partition(), 0L));
            onAt.put(value.partition(), value.offset() + 1);
            take(value);
        }
        return new LedgerBatch(topic, from, onAt, records, rejected);
    }

    private void take(ConsumerRecord<byte[], byte[]> value) {
        byte[] bytes = value.value() == null ? new byte[0] : value.value();
        try {
            InvocationRecord record = InvocationCodec.decode(ByteBuffer.wrap(bytes));
            String refusal = RecordPolicy.refusal(record, recordAgeMax, now);
            if (refusal == null) {
                records.add(ReRatingPolicy.rate(books, record));
            } else {
                reject(value, bytes, refusal);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            reject(value, bytes, String.valueOf(e.getMessage()));
        }
    }

    private void reject(ConsumerRecord<byte[], byte[]> value, byte[] bytes, String reason) {
        byte[] kept = Arrays.copyOf(bytes, Math.min(bytes.length, InvocationCodec.BYTES_MAX));
        String text = reason.replace('\0', ' ');
        rejected.add(new RejectedValue(
                value.partition(), value.offset(), text.substring(0, Math.min(text.length(), 500)), kept));
    }
}
