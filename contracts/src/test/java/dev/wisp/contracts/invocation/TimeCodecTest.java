package dev.wisp.contracts.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.revision.RevisionId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimeCodecTest {

    private static final InstanceTime TIME = new InstanceTime(
            new UUID(1, 2),
            3,
            "default",
            new RevisionId("default", "hello-00001"),
            "hello",
            "hello-00001-x",
            "node-1",
            4,
            5,
            6,
            7,
            8,
            9,
            true,
            10,
            11,
            12,
            13);
    private static final NodeCpu CPU = new NodeCpu("node-1", 1, 2, 3, 4, 5);

    @Test
    void readsWhatItWrote() {
        assertThat(TimeCodec.instanceTime(ByteBuffer.wrap(TimeCodec.encode(TIME))))
                .isEqualTo(TIME);
        assertThat(TimeCodec.nodeCpu(ByteBuffer.wrap(TimeCodec.encode(CPU)))).isEqualTo(CPU);
    }

    @Test
    void travelsAmongRecordsOfCallsAndTellsItsKeyAndMoment() {
        ByteBuffer time = ByteBuffer.wrap(TimeCodec.encode(TIME));
        ByteBuffer cpu = ByteBuffer.wrap(TimeCodec.encode(CPU));
        ByteBuffer call = ByteBuffer.wrap(InvocationCodec.encode(InvocationCodecTest.record(Outcome.SUCCESS)));

        InvocationBatch batch = InvocationBatch.read(
                InvocationBatch.of(List.of(time, call, cpu)).write());

        assertThat(batch.encoded()).containsExactly(time, call, cpu);
        assertThat(batch.records()).hasSize(1);
        assertThat(batch.encoded()).map(TimeCodec::isRecord).containsExactly(true, false, true);
        assertThat(TimeCodec.key(time)).isEqualTo("default");
        assertThat(TimeCodec.key(cpu)).isEqualTo("node-1");
        assertThat(InvocationCodec.receivedAtMicros(time)).isEqualTo(TIME.atMicros());
        assertThat(InvocationCodec.receivedAtMicros(cpu)).isEqualTo(CPU.atMicros());
    }

    @Test
    void takesNothingThatEndsEarlyOrIsSomethingElse() {
        byte[] time = TimeCodec.encode(TIME);
        for (int length = 1; length < time.length; length++) {
            byte[] part = Arrays.copyOf(time, length);
            assertThatThrownBy(() -> TimeCodec.instanceTime(ByteBuffer.wrap(part)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> TimeCodec.nodeCpu(ByteBuffer.wrap(time))).isInstanceOf(IllegalArgumentException.class);
    }
}
