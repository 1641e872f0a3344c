package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimePolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration AGE_MAX = Duration.ofDays(400);
    private static final InvocationRecord CALL = Invocations.success(NOW, "hello", new SplittableRandom(1));

    @Test
    void takesWhatANodeMeasures() {
        assertThat(TimePolicy.refusal(time(1_000, 1_000), AGE_MAX, NOW)).isNull();
        assertThat(TimePolicy.refusal(new NodeCpu("node-1", 1, 1, micros(NOW), 5, 0), AGE_MAX, NOW))
                .isNull();
    }

    @Test
    void refusesDurationsBelowZeroAndAboveFourHundredDays() {
        assertThat(TimePolicy.refusal(time(-1, 1), AGE_MAX, NOW)).contains("duration");
        assertThat(TimePolicy.refusal(time(1, Long.MAX_VALUE), AGE_MAX, NOW)).contains("duration");
        assertThat(TimePolicy.refusal(new NodeCpu("node-1", 1, 1, micros(NOW), -1, 0), AGE_MAX, NOW))
                .contains("figure");
    }

    @Test
    void refusesWhatIsOfNoTimeThatCanBe() {
        assertThat(TimePolicy.refusal(time(1, 1), AGE_MAX, NOW.minus(Duration.ofDays(2))))
                .contains("atMicros");
        assertThat(TimePolicy.refusal(time(1, 1), Duration.ofDays(1), NOW.plus(Duration.ofDays(2))))
                .contains("atMicros");
    }

    @Test
    void refusesNamesThatNameNothing() {
        assertThat(TimePolicy.refusal(new NodeCpu("node\u0000", 1, 1, micros(NOW), 1, 0), AGE_MAX, NOW))
                .contains("name");
    }

    private static InstanceTime time(long idleMicros, long cpuMicros) {
        return InstanceTimes.of(CALL.invocationId(), CALL, 1, idleMicros, 0, cpuMicros);
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000;
    }
}
