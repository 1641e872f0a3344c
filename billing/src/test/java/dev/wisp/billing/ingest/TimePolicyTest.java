package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimePolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final InvocationRecord CALL = Invocations.success(NOW, "hello", new SplittableRandom(1));

    @Test
    void takesWhatANodeMeasures() {
        assertThat(TimePolicy.refusal(time(1_000, 1_000))).isNull();
        assertThat(TimePolicy.refusal(new NodeCpu("node-1", 1, 1, micros(NOW), 5, 0)))
                .isNull();
    }

    @Test
    void refusesDurationsBelowZeroAndAboveFourHundredDays() {
        assertThat(TimePolicy.refusal(time(-1, 1))).contains("duration");
        assertThat(TimePolicy.refusal(time(1, Long.MAX_VALUE))).contains("duration");
        assertThat(TimePolicy.refusal(new NodeCpu("node-1", 1, 1, micros(NOW), -1, 0)))
                .contains("figure");
    }

    @Test
    void refusesNamesThatNameNothing() {
        assertThat(TimePolicy.refusal(new NodeCpu("node\u0000", 1, 1, micros(NOW), 1, 0)))
                .contains("name");
    }

    private static InstanceTime time(long idleMicros, long cpuMicros) {
        return InstanceTimes.of(CALL.invocationId(), CALL, 1, idleMicros, 0, cpuMicros);
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000;
    }
}
