package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.RejectedValue;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.TimeCodec;
import dev.wisp.contracts.price.PriceBooks;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Turns what was read from the topic into a batch: decodes, checks and rates each value, and sets aside what is no record. */
final class BatchReader {

    /** As long as the longest batch. */
    private static final int REJECTED_BYTES_MAX = InvocationBatch.RECORDS_MAX * (InvocationCodec.BYTES_MAX + 2) + 1;

    private final String topic;
    private final Duration recordAgeMax;
    private final PriceBooks books;
    private final Instant now;
    private final Arrivals arrivals;
    private final List<RatedRecord> records = new ArrayList<>();
    private final List<TimeRecords.Priced> times = new ArrayList<>();
    private final List<NodeCpu> nodes = new ArrayList<>();
    private final List<RejectedValue> rejected = new ArrayList<>();
    private final List<InvocationRecord> asked = new ArrayList<>();
    private final List<InstanceTime> askedTimes = new ArrayList<>();
    private final Map<UUID, Long> undated = new HashMap<>();
    private final Set<UUID> believed = new HashSet<>();

    /** Says when records arrived first that a wrong clock dated, the same whenever it is asked of one again. */
    interface Arrivals {

        /**
         * Whether a record that can be believed now may have come before, when it could not.
         *
         * @param atMicros what it says, microseconds since 1970 UTC
         */
        boolean mayHave(long atMicros);

        /**
         * @param undated what records say that cannot be, microseconds since 1970 UTC, by id
         * @param believed records that may have come before
         * @return of each that is undated, and of those of the others that did come before
         */
        Map<UUID, Instant> of(Map<UUID, Long> undated, Set<UUID> believed) throws SQLException;
    }

    /**
     * @param arrivals asked when there is a record whose date cannot be, or could not when it came before
     */
    BatchReader(String topic, Duration recordAgeMax, PriceBooks books, Instant now, Arrivals arrivals) {
        this.topic = topic;
        this.recordAgeMax = recordAgeMax;
        this.books = books;
        this.now = now;
        this.arrivals = arrivals;
    }

    /**
     * @param positions where each partition's reading stood, per partition of the values
     */
    LedgerBatch read(Iterable<ConsumerRecord<byte[], byte[]>> values, Map<Integer, Long> positions)
            throws SQLException {
        Map<Integer, Long> from = new HashMap<>();
        Map<Integer, Long> onAt = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> value : values) {
            from.put(value.partition(), positions.getOrDefault(value.partition(), 0L));
            onAt.put(value.partition(), value.offset() + 1);
            take(value);
        }
        if (!asked.isEmpty() || !askedTimes.isEmpty()) {
            date();
        }
        return new LedgerBatch(topic, from, onAt, records, new TimeRecords(times, nodes), rejected);
    }

    private void date() throws SQLException {
        Map<UUID, Instant> arrived = arrivals.of(undated, believed);
        for (InvocationRecord record : asked) {
            Instant arrival = arrived.get(record.invocationId());
            rate(arrival == null ? record : DatingPolicy.dated(record, arrival));
        }
        for (InstanceTime time : askedTimes) {
            Instant arrival = arrived.get(time.timeId());
            price(arrival == null ? time : DatingPolicy.dated(time, arrival));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> value) {
        byte[] bytes = value.value() == null ? new byte[0] : value.value();
        List<ByteBuffer> refused = new ArrayList<>();
        String reason = null;
        try {
            for (ByteBuffer record : InvocationBatch.read(bytes).encoded()) {
                String refusal = refusal(record.duplicate());
                if (refusal != null) {
                    reason = reason == null ? refusal : reason;
                    refused.add(record);
                }
            }
        } catch (IllegalArgumentException e) {
            reject(value, bytes, String.valueOf(e.getMessage()));
            return;
        }
        if (reason != null) {
            // A value has one place on the topic, and so one row: what was refused of a batch is kept together.
            String of = refused.size() == 1 ? "" : "%d records, the first: ".formatted(refused.size());
            reject(value, InvocationBatch.of(refused).write(), of + reason);
        }
    }

    /** Why the bytes are no record that can be taken, null when they were. */
    private @Nullable String refusal(ByteBuffer bytes) {
        try {
            return switch (bytes.hasRemaining() ? bytes.get(bytes.position()) : InvocationCodec.FORMAT) {
                case TimeCodec.INSTANCE_TIME -> take(TimeCodec.instanceTime(bytes));
                case TimeCodec.NODE_CPU -> take(TimeCodec.nodeCpu(bytes));
                default -> take(InvocationCodec.decode(bytes));
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable String take(InvocationRecord record) {
        String refusal = RecordPolicy.refusal(record);
        if (refusal == null && asksFor(record.invocationId(), record.receivedAtMicros())) {
            asked.add(record);
        } else if (refusal == null) {
            rate(record);
        }
        return refusal;
    }

    /** Whether the date has to be asked for; else it is what the record says. */
    private boolean asksFor(UUID id, long atMicros) {
        if (!RecordPolicy.isDated(id, atMicros, recordAgeMax, now)) {
            undated.put(id, atMicros);
            return true;
        }
        if (arrivals.mayHave(atMicros)) {
            believed.add(id);
            return true;
        }
        return false;
    }

    private void rate(InvocationRecord record) {
        records.add(ReRatingPolicy.rate(books, record));
    }

    private @Nullable String take(InstanceTime time) {
        String refusal = TimePolicy.refusal(time);
        if (refusal == null && asksFor(time.timeId(), time.atMicros())) {
            askedTimes.add(time);
        } else if (refusal == null) {
            price(time);
        }
        return refusal;
    }

    private void price(InstanceTime time) {
        Instant at = Instant.EPOCH.plus(time.atMicros(), ChronoUnit.MICROS);
        times.add(new TimeRecords.Priced(time, books.at(at).version()));
    }

    private @Nullable String take(NodeCpu cpu) {
        String refusal = TimePolicy.refusal(cpu);
        if (refusal == null) {
            nodes.add(RecordPolicy.isBetween(cpu.atMicros(), recordAgeMax, now) ? cpu : DatingPolicy.dated(cpu, now));
        }
        return refusal;
    }

    private void reject(ConsumerRecord<byte[], byte[]> value, byte[] bytes, String reason) {
        byte[] kept = Arrays.copyOf(bytes, Math.min(bytes.length, REJECTED_BYTES_MAX));
        String text = reason.replace('\0', ' ');
        rejected.add(new RejectedValue(
                value.partition(), value.offset(), text.substring(0, Math.min(text.length(), 500)), kept));
    }
}
