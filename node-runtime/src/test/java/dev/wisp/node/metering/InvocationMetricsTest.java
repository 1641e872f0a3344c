package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.dataplane.StartTiming.Phase;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationRecordBuilder;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InvocationMetricsTest {

    private static final RevisionSpec HELLO = FakeNode.hello(0, 60_000, 0);
    private static final StartTiming COLD = new StartTiming(3_000, List.of(new Phase("schedule", 3_000)));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InvocationMetrics metrics = new InvocationMetrics(registry, revision -> 3);

    @Test
    void tellsStoredCallsFromThoseWhoseCallerWaits() {
        metrics.ended(record(Outcome.SUCCESS), Trigger.HTTP);
        metrics.ended(record(Outcome.SUCCESS), Trigger.PUBSUB);
        metrics.ended(record(Outcome.ERROR), Trigger.PUBSUB);

        assertThat(count("faas.invocations", "http")).isEqualTo(1);
        assertThat(count("faas.invocations", "pubsub")).isEqualTo(1);
        assertThat(count("faas.errors", "pubsub")).isEqualTo(1);
        assertThat(registry.find("faas.errors").tag("faas_trigger", "http").counter())
                .isNull();
    }

    @Test
    void whatIsOfTheRevisionIsNotThereTwice() {
        metrics.ended(record(Outcome.SUCCESS), Trigger.HTTP);
        metrics.ended(record(Outcome.SUCCESS), Trigger.PUBSUB);

        assertThat(registry.find("wisp.node.cpu_limit_cores").gauges())
                .singleElement()
                .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(3));
        assertThat(registry.find("wisp.node.start_part").tag("part", "schedule").functionCounters())
                .singleElement()
                .satisfies(both -> assertThat(both.count()).isEqualTo(0.006));
    }

    @Test
    void nothingIsLeftOfARevisionThatIsGone() {
        metrics.ended(record(Outcome.ERROR), Trigger.HTTP);
        metrics.ended(record(Outcome.TIMEOUT), Trigger.PUBSUB);

        metrics.forget(HELLO.id());

        assertThat(registry.getMeters()).isEmpty();
    }

    private double count(String name, String trigger) {
        return registry.get(name).tag("faas_trigger", trigger).counter().count();
    }

    private static InvocationRecord record(Outcome outcome) {
        return InvocationRecordBuilder.builder()
                .invocationId(UUID.fromString("01a209ed-0402-7951-bd2a-99e80962b11f"))
                .receivedAtMicros(1_764_000_000_000_000L)
                .account(HELLO.account())
                .revision(HELLO.id())
                .service(HELLO.service())
                .instanceId("hello-00001-1")
                .nodeId("node-1")
                .method("GET")
                .status(200)
                .outcome(outcome)
                .queueMicros(0)
                .startMicros(3_000)
                .appMicros(6_000)
                .coldStart(true)
                .billedMillis(6)
                .cpuMicros(4_000)
                .cpuMillicores(1_000)
                .memoryBytes(128 << 20)
                .memoryPeakBytes(64 << 20)
                .bytesIn(0)
                .bytesOut(5)
                .priceVersion(1)
                .costPicos(100)
                .startParts(StartParts.of(COLD))
                .origin(Origin.UNKNOWN)
                .build();
    }
}
