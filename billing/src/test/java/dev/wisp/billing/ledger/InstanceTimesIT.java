package dev.wisp.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.billing.reconcile.Reconciliation;
import dev.wisp.billing.verify.Verification;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InstanceTimeBuilder;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstanceTimesIT {

    private static final String TOPIC = "wisp.invocations";
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SplittableRandom random = new SplittableRandom(4);
    private LedgerDatabase database;
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        database = LedgerDatabase.create();
        ledger = new Ledger(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0));
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
    }

    @Test
    void whatComesTwiceIsStoredOnceAndLinked() throws Exception {
        List<TimeRecords.Priced> times = times(10, 1, 5_000);

        append(0, 10, new TimeRecords(times, List.of()));
        append(10, 22, new TimeRecords(concat(times, times(2, 1, 7_000)), List.of()));

        assertThat(database.number("SELECT count(*) FROM billing.instance_time"))
                .isEqualByComparingTo("12");
        assertThat(database.number("SELECT sum(row_count) FROM billing.chain WHERE kind = 8"))
                .isEqualByComparingTo("12");
        for (String table : List.of("usage_minute", "usage_hour", "usage_day", "billed_day")) {
            String sum =
                    "SELECT sum(idle_millicore_us + idle_memory_byte_us + frozen_memory_byte_us) FROM billing." + table;
            assertThat(database.number(sum))
                    .as(table)
                    .isEqualByComparingTo(BigDecimal.valueOf(12 * 1_000_000L * (1_000 + 3 * (128L << 20))));
        }
        assertThat(Verification.run(database.dataSource(), NOW).finding()).isNull();
    }

    @Test
    void saysWhatPartOfTheKernelsCountTheLedgerDoesNotExplain() throws Exception {
        String node = call().nodeId();
        List<NodeCpu> counted = List.of(
                new NodeCpu(node, InstanceTimes.RUN, 1, micros(NOW), 10_200_000, 150_000),
                new NodeCpu(node, InstanceTimes.RUN, 2, micros(NOW), 10_000_000, 0));
        append(0, 1, new TimeRecords(concat(times(10, 1, 1_000_000), times(10, 2, 1_000_000)), counted));

        List<Reconciliation.Node> nodes = new LedgerWrites(database.dataSource())
                .run(connection -> Reconciliation.nodes(connection, NOW.plus(Duration.ofMinutes(1))));

        assertThat(nodes).singleElement().satisfies(found -> {
            assertThat(found.countedMicros()).isEqualTo(20_200_000);
            assertThat(found.instanceMicros()).isEqualTo(20_000_000);
            assertThat(found.preparedMicros()).isEqualTo(150_000);
            assertThat(found.gap()).isCloseTo(50_000 / 20_200_000.0, Offset.offset(1e-9));
        });
    }

    /** Calls in two batches of which the second comes with a record that is there already, and so by way of staging; one ended before the node began, and two so long ago that they are not kept. */
    @Test
    void saysWhatPartOfTheKernelsCountTheRecordsOfCallsDoNotExplain() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<InvocationRecord> calls = callsAt(now, 5);
        String node = calls.getFirst().nodeId();
        long cpuMicros = calls.stream().mapToLong(InvocationRecord::cpuMicros).sum();
        long run = micros(now) - 1_000_000;
        InvocationRecord before = callsAt(now.minusSeconds(60), 1).getFirst();
        List<InvocationRecord> old = callsAt(now.minus(Duration.ofHours(3)), 2);
        long idle = 3_000_000;
        NodeCpu counted = new NodeCpu(node, run, 1, micros(now) + 60_000_000, cpuMicros + idle, 0);
        InstanceTime time = InstanceTimeBuilder.builder()
                .timeId(call().invocationId())
                .atMicros(micros(now))
                .account("a")
                .revision(calls.getFirst().revision())
                .service("hello")
                .instanceId("i")
                .nodeId(node)
                .startMicros(0)
                .busyMicros(1)
                .idleMicros(1)
                .frozenMicros(0)
                .cpuMicros(cpuMicros + idle)
                .callCpuMicros(cpuMicros)
                .cpuMillicores(1_000)
                .memoryBytes(1 << 20)
                .run(run)
                .period(1)
                .build();

        ledger.append(batch(0, 4, concat(List.of(before, old.getFirst()), calls.subList(0, 2)), TimeRecords.NONE));
        ledger.append(batch(
                4,
                8,
                concat(calls.subList(1, 4), old.subList(1, 2)),
                new TimeRecords(List.of(new TimeRecords.Priced(time, 1)), List.of(counted))));
        Reconciliation.Node lost = compared(now);
        ledger.append(batch(8, 9, calls.subList(4, 5), TimeRecords.NONE));

        assertThat(lost.gap()).isZero();
        assertThat(lost.callGap())
                .isCloseTo(calls.getLast().cpuMicros() / (double) counted.countedMicros(), Offset.offset(1e-9));
        Reconciliation.Node whole = compared(now);
        assertThat(whole.callMicros()).isEqualTo(cpuMicros);
        assertThat(whole.betweenCallsMicros()).isEqualTo(idle);
        assertThat(whole.callGap()).isZero();
        assertThat(database.number("SELECT count(*) FROM billing.node_calls WHERE tick < " + NodeCalls.oldest(now)))
                .isEqualByComparingTo("0");
    }

    private Reconciliation.Node compared(Instant now) throws Exception {
        return new LedgerWrites(database.dataSource())
                .run(connection -> Reconciliation.nodes(connection, now.plus(Duration.ofMinutes(2))))
                .getFirst();
    }

    private static LedgerBatch batch(long from, long to, List<InvocationRecord> calls, TimeRecords times) {
        return new LedgerBatch(
                TOPIC,
                Map.of(0, from),
                Map.of(0, to),
                calls.stream()
                        .map(call -> new RatedRecord(call, RatingState.CONFIRMED))
                        .toList(),
                times,
                List.of());
    }

    private List<TimeRecords.Priced> times(int count, long period, long cpuMicros) {
        return IntStream.range(0, count)
                .mapToObj(at -> {
                    InvocationRecord call = call();
                    InstanceTime time =
                            InstanceTimes.of(call.invocationId(), call, period, 1_000_000, 2_000_000, cpuMicros);
                    return new TimeRecords.Priced(time, 1);
                })
                .toList();
    }

    private InvocationRecord call() {
        return callsAt(NOW, 1).getFirst();
    }

    private List<InvocationRecord> callsAt(Instant at, int count) {
        return Stream.generate(() -> Invocations.success(at, "hello", random))
                .limit(count)
                .toList();
    }

    private void append(long from, long to, TimeRecords times) throws Exception {
        ledger.append(new LedgerBatch(TOPIC, Map.of(0, from), Map.of(0, to), List.of(), times, List.of()));
    }

    private static <T> List<T> concat(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000;
    }
}
