package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.TopicSetup;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.TimeCodec;
import dev.wisp.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real broker into a real database. */
class IngestIT {

    private static final IngestConfig CONFIG = new SmallRyeConfigBuilder()
            .withMapping(IngestConfig.class)
            .withConverter(Duration.class, 200, new DurationConverter())
            .addDefaultInterceptors()
            .build()
            .getConfigMapping(IngestConfig.class);

    @TempDir
    static Path home;

    private static LedgerDatabase database;
    private static EmbeddedKafka kafka;

    private final SplittableRandom random = new SplittableRandom(11);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** Held here: a gauge does not hold what it reads. */
    private final IngestMetrics metrics = new IngestMetrics(registry, InstantSource.system());

    private final List<RatedRecord> heard = new ArrayList<>();

    /** What the readers' clock says more than the host's. */
    private Duration passed = Duration.ZERO;

    @BeforeAll
    static void startServers() throws Exception {
        database = LedgerDatabase.create();
        kafka = EmbeddedKafka.start(home.resolve("kafka"));
        TopicSetup.ensure(kafka.bootstrapServers());
    }

    @AfterAll
    static void stopServers() throws Exception {
        kafka.close();
        database.close();
    }

    @Test
    void storesEveryRecordOnceWhateverIsOnTheTopic() throws Exception {
        List<InvocationRecord> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            records.add(Invocations.any(Instant.now(), "hello", random));
        }
        InvocationRecord overcharged = Invocations.success(Instant.now(), "hello", random);
        publish(records.subList(0, 50));
        publishTogether(records.subList(50, 150));
        publishTogether(records.subList(150, 250));
        publish(records.subList(250, 300));
        publishTogether(records.subList(0, 100));
        publishRaw("no record".getBytes(StandardCharsets.UTF_8));
        publishRaw(null);
        InvocationRecord another = Invocations.success(Instant.now(), "hello", random);
        publishTogether(List.of(
                Invocations.strange(records.getFirst(), -5, "i-1"),
                another,
                Invocations.strange(records.getFirst(), -6, "i-1")));
        records.add(another);
        publish(List.of(Invocations.overcharged(overcharged, 1, overcharged.costPicos() + 1_000_000)));
        records.add(overcharged);

        drainUntil("SELECT count(*) FROM billing.invocation", 302);

        assertThat(database.number("SELECT sum(cost_picos) FROM billing.usage_day"))
                .isEqualByComparingTo(""
                        + records.stream()
                                .mapToLong(InvocationRecord::costPicos)
                                .sum());
        drainUntil("SELECT count(*) FROM billing.rejected", 3);
        assertThat(count("wisp.billing.records", "state", "stored")).isEqualTo(302);
        assertThat(count("wisp.billing.records", "state", "rejected")).isEqualTo(3);
        assertThat(count("wisp.billing.duplicates.rejected", "source", "topic")).isEqualTo(100);
        assertThat(count("wisp.billing.rating.mismatches", "reason", "recomputed"))
                .isEqualTo(1);
        assertThat(registry.get("wisp.billing.lag").gauge().value()).isZero();
        assertThat(heard)
                .doesNotHaveDuplicates()
                .extracting(RatedRecord::record)
                .isSubsetOf(records)
                .contains(overcharged);
        readsNothingAgainAfterARestart();
        isNotProvenByABatchThatIsStillInFlight();
        datesByItsArrivalWhatAWrongClockDated();
        billsOnceWhatComesAgainWhenItsTimeHasCome();
    }

    /** Dated ahead by a minute more than is believed, and come again when it can be believed: to the same reader and to another. */
    private void billsOnceWhatComesAgainWhenItsTimeHasCome() throws Exception {
        InvocationRecord call =
                Invocations.success(Instant.now().plus(RecordPolicy.FUTURE_MAX).plusSeconds(60), "hello", random);
        byte[] ahead = InvocationBatch.of(List.of(
                        ByteBuffer.wrap(InvocationCodec.encode(call)),
                        ByteBuffer.wrap(TimeCodec.encode(InstanceTimes.any(call, random)))))
                .write();
        try (Consumer<byte[], byte[]> consumer = IngestConsumer.open(kafka.bootstrapServers(), CONFIG.batchMax());
                IngestLoop loop = loop(consumer, metrics)) {
            loop.begin();
            publishRaw(ahead);
            drainUntil(loop, "SELECT count(*) FROM billing.invocation", 356);
            passed = Duration.ofMinutes(2);
            publishRaw(ahead);
            publish(List.of(Invocations.success(Instant.now(), "hello", random)));
            drainUntil(loop, "SELECT count(*) FROM billing.invocation", 357);
        }
        publishRaw(ahead);
        publish(List.of(Invocations.success(Instant.now(), "hello", random)));

        drainUntil("SELECT count(*) FROM billing.invocation", 358);

        assertThat(database.number("SELECT count(*) FROM billing.instance_time"))
                .isEqualByComparingTo("1");
    }

    /** Read twice, the second time by another reader at another time: once in the ledger, in the month in which it arrived. */
    private void datesByItsArrivalWhatAWrongClockDated() throws Exception {
        List<InvocationRecord> wrong = List.of(
                Invocations.success(Instant.now().plus(Duration.ofDays(40)), "hello", random),
                Invocations.success(Instant.EPOCH.plus(Duration.ofDays(1)), "hello", random));
        publish(wrong);
        drainUntil("SELECT count(*) FROM billing.invocation", 354);
        publish(wrong);
        publish(List.of(Invocations.success(Instant.now(), "hello", random)));

        drainUntil("SELECT count(*) FROM billing.invocation", 355);

        assertThat(database.number("SELECT count(*) FROM billing.invocation WHERE received_at > now()"
                        + " OR received_at < now() - interval '1 day' OR abs(id_day - received_at::date) > 1"))
                .isZero();
        assertThat(database.number("SELECT sum(cost_picos) FROM billing.usage_day"))
                .isEqualByComparingTo(database.number("SELECT sum(cost_picos) FROM billing.invocation"));
        assertThat(database.number("SELECT count(*) FROM billing.redated WHERE arrived_at <= now()"))
                .isEqualByComparingTo("2");
        assertThat(count("wisp.billing.records", "state", "redated")).isEqualTo(4);
    }

    /** A batch that is only in flight is no success: an outage with records waiting would be tried without a pause for ever. */
    private void isNotProvenByABatchThatIsStillInFlight() throws Exception {
        for (int i = 0; i < 50; i++) {
            publish(List.of(Invocations.any(Instant.now(), "hello", random)));
        }
        database.execute(
                "ALTER TABLE billing.ingest_offset ADD CONSTRAINT disk_full CHECK (next_offset = 0) NOT VALID");
        try {
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(this::isRefusedUnproven);
        } finally {
            database.execute("ALTER TABLE billing.ingest_offset DROP CONSTRAINT disk_full");
        }
        drainUntil("SELECT count(*) FROM billing.invocation", 352);
    }

    /** False when the first read brought nothing yet, which is a success of its own. */
    private boolean isRefusedUnproven() throws Exception {
        try (Consumer<byte[], byte[]> consumer = IngestConsumer.open(kafka.bootstrapServers(), 1);
                IngestLoop loop =
                        loop(consumer, new IngestMetrics(new SimpleMeterRegistry(), InstantSource.system()))) {
            loop.begin();
            if (loop.runOnce() == 0) {
                return false;
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 50; i++) {
                            loop.runOnce();
                        }
                    })
                    .isInstanceOf(SQLException.class);
            assertThat(loop.isProven()).isFalse();
            return true;
        }
    }

    private void readsNothingAgainAfterARestart() throws Exception {
        double stored = count("wisp.billing.records", "state", "stored");
        try (Consumer<byte[], byte[]> consumer = IngestConsumer.open(kafka.bootstrapServers(), CONFIG.batchMax());
                IngestLoop loop =
                        loop(consumer, new IngestMetrics(new SimpleMeterRegistry(), InstantSource.system()))) {
            loop.begin();

            assertThat(loop.runOnce()).isZero();
        }
        assertThat(count("wisp.billing.records", "state", "stored")).isEqualTo(stored);
    }

    private void drainUntil(String sql, long count) throws Exception {
        try (Consumer<byte[], byte[]> consumer = IngestConsumer.open(kafka.bootstrapServers(), CONFIG.batchMax());
                IngestLoop loop = loop(consumer, metrics)) {
            loop.begin();
            drainUntil(loop, sql, count);
        }
    }

    private static void drainUntil(IngestLoop loop, String sql, long count) throws Exception {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
            loop.runOnce();
            return database.number(sql).longValueExact() >= count && loop.runOnce() == 0;
        });
        assertThat(database.number(sql)).isEqualByComparingTo("" + count);
    }

    private IngestLoop loop(Consumer<byte[], byte[]> consumer, IngestMetrics metrics) {
        return new IngestLoop(
                Topics.INVOCATIONS.name(),
                consumer,
                new Ledger(database.dataSource()),
                CONFIG,
                metrics,
                heard::addAll,
                () -> Instant.now().plus(passed));
    }

    private double count(String meter, String tag, String value) {
        return registry.get(meter).tag(tag, value).counter().count();
    }

    private static void publish(List<InvocationRecord> records) throws Exception {
        try (Bus bus = new KafkaBus(kafka.bootstrapServers(), "test")) {
            for (InvocationRecord record : records) {
                bus.publish(Topics.INVOCATIONS, record.account(), Invocations.alone(record))
                        .get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void publishTogether(List<InvocationRecord> records) throws Exception {
        publishRaw(InvocationBatch.of(records.stream()
                        .map(record -> ByteBuffer.wrap(InvocationCodec.encode(record)))
                        .toList())
                .write());
    }

    private static void publishRaw(byte @org.jspecify.annotations.Nullable [] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.INVOCATIONS.name(), value))
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
