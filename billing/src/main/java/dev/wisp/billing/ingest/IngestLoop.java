package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.AppendOutcome;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerPipeline;
import dev.wisp.billing.ledger.LedgerPipeline.Appended;
import dev.wisp.billing.ledger.RejectedValue;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.price.PriceBooks;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's life: begins where the ledger says, and stores batch after batch. It keeps no state that matters: after any failure a
 * new one begins at the ledger's offsets again. Not thread-safe.
 */
final class IngestLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(IngestLoop.class);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Ledger ledger;
    private final LedgerPipeline pipeline;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final StoredInvocations listener;
    private final InstantSource clock;
    private final LedgerArrivals arrivals;
    private final Map<Integer, Long> positions = new HashMap<>();
    private PriceBooks books = PriceBooks.DEFAULT;
    private double recordsPerValue = 1;
    private boolean proven;
    private @Nullable LocalDate preparedFor;

    IngestLoop(
            String topic,
            Consumer<byte[], byte[]> consumer,
            Ledger ledger,
            IngestConfig config,
            IngestMetrics metrics,
            StoredInvocations listener,
            InstantSource clock) {
        this.topic = topic;
        this.consumer = consumer;
        this.ledger = ledger;
        this.pipeline = new LedgerPipeline(ledger);
        this.config = config;
        this.metrics = metrics;
        this.listener = listener;
        this.clock = clock;
        this.arrivals = new LedgerArrivals(ledger, metrics, clock);
    }

    /** Takes every partition of the topic and stands where the ledger says. */
    void begin() throws SQLException {
        Set<Integer> numbers = new HashSet<>();
        consumer.partitionsFor(topic).forEach(info -> numbers.add(info.partition()));
        if (numbers.isEmpty()) {
            throw new KafkaException("topic " + topic + " does not exist yet");
        }
        books = ledger.priceBooks();
        positions.clear();
        positions.putAll(ledger.offsets(topic, numbers));
        arrivals.begin();
        consumer.assign(numbers.stream().map(this::partition).toList());
        positions.forEach((number, offset) -> consumer.seek(partition(number), offset));
    }

    /**
     * Reads once and stores what came; returns how many values were read. As long as there is more to read, the last batches are still being
     * stored when this returns.
     */
    int runOnce() throws SQLException {
        prepareDays();
        ConsumerRecords<byte[], byte[]> values = consumer.poll(config.pollMax());
        if (values.isEmpty()) {
            settle(pipeline.await());
            proven = true;
            reportLag(values);
            return 0;
        }
        LedgerBatch batch = read(values);
        recordsPerValue = (double) batch.records().size() / values.count();
        metrics.behindSince(oldest(values), batch.records().size() + pending());
        countMissed(values);
        positions.putAll(batch.readOnAt());
        settle(pipeline.append(batch));
        if (isCaughtUp()) {
            settle(pipeline.await());
        }
        reportLag(values);
        return values.count();
    }

    /** Whether a batch was stored, or there was none to store. One that is only in flight proves nothing. */
    boolean isProven() {
        return proven;
    }

    /** Whether everything was read that the broker has told of. */
    boolean isCaughtUp() {
        return pending() == 0;
    }

    /** Lets the batches in flight come to their end. */
    @Override
    public void close() {
        pipeline.close();
    }

    private void settle(List<Appended> over) throws SQLException {
        for (Appended appended : over) {
            settle(appended);
        }
    }

    private void settle(Appended appended) throws SQLException {
        switch (appended.outcome()) {
            case AppendOutcome.Stored stored -> {
                proven = true;
                metrics.appended(appended.batch(), stored.stored(), appended.took());
                logRejected(appended.batch());
                listener.stored(newest(appended.batch(), stored.newest()));
            }
            case AppendOutcome.Fenced() -> {
                LOG.info("another reader moved the offsets, reading on where the ledger says");
                begin();
            }
        }
    }

    /** Once a day: today's partition and those of the next days, the root of yesterday, and days that are kept no longer. */
    private void prepareDays() throws SQLException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (!today.equals(preparedFor)) {
            settle(pipeline.await());
            ledger.prepare(today.datesUntil(today.plusDays(config.partitionDaysAhead()))
                    .toList());
            ledger.seal(today.minusDays(1), clock.instant());
            retire(today);
            preparedFor = today;
        }
    }

    private void retire(LocalDate today) throws SQLException {
        if (config.recordRetention().isEmpty()) {
            return;
        }
        LocalDate before = today.minusDays(config.recordRetention().get().toDays());
        for (LocalDate day : ledger.retire(before, clock.instant())) {
            LOG.infof("dropped the records of %s, its sums stay", day);
        }
    }

    /** A price version may have been added since the books were read; asked again at most once a batch. */
    private LedgerBatch read(ConsumerRecords<byte[], byte[]> values) throws SQLException {
        LedgerBatch batch = reader().read(values, positions);
        boolean unknown = batch.records().stream().anyMatch(rated -> rated.state() == RatingState.UNKNOWN_PRICE);
        if (!unknown) {
            return batch;
        }
        books = ledger.priceBooks();
        return reader().read(values, positions);
    }

    private BatchReader reader() {
        return new BatchReader(topic, config.recordAgeMax(), books, clock.instant(), arrivals);
    }

    /** The topic keeps records for days; a hole means that billing was away for longer than that, and money is lost. */
    private void countMissed(ConsumerRecords<byte[], byte[]> values) {
        for (TopicPartition partition : values.partitions()) {
            long first = values.records(partition).getFirst().offset();
            long missed = first - positions.getOrDefault(partition.partition(), 0L);
            if (missed > 0) {
                metrics.missed(missed);
                LOG.errorf("%d records of %s were gone before they were read", missed, partition);
            }
        }
    }

    /** What comes next is at least as new as what was just stored; after an empty read the age known before stays. */
    private void reportLag(ConsumerRecords<byte[], byte[]> stored) {
        long pending = pending();
        if (pending == 0) {
            metrics.caughtUp();
        } else if (!stored.isEmpty()) {
            metrics.behindSince(newest(stored), pending);
        }
    }

    /** Records behind what was read. The broker counts values; each is taken to hold as many as those just read did. */
    private long pending() {
        long values = consumer.assignment().stream()
                .map(consumer::currentLag)
                .mapToLong(lag -> lag.orElse(0))
                .sum();
        return (long) Math.ceil(values * Math.max(1, recordsPerValue));
    }

    private static long oldest(ConsumerRecords<byte[], byte[]> values) {
        return timestamps(values).min().orElseThrow();
    }

    private static long newest(ConsumerRecords<byte[], byte[]> values) {
        return timestamps(values).max().orElseThrow();
    }

    private static LongStream timestamps(ConsumerRecords<byte[], byte[]> values) {
        return StreamSupport.stream(values.spliterator(), false).mapToLong(ConsumerRecord::timestamp);
    }

    private static void logRejected(LedgerBatch batch) {
        for (RejectedValue value : batch.rejected()) {
            LOG.warnf(
                    "skipped a value that is no record, partition=%d offset=%d: %s",
                    value.partition(), value.offset(), value.reason());
        }
    }

    /** Each once, though a record may be in the batch twice. */
    private static List<RatedRecord> newest(LedgerBatch batch, Set<UUID> ids) {
        Set<UUID> left = new HashSet<>(ids);
        List<RatedRecord> newest = new ArrayList<>(ids.size());
        for (RatedRecord rated : batch.records()) {
            if (left.remove(rated.record().invocationId())) {
                newest.add(rated);
            }
        }
        return newest;
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }
}
