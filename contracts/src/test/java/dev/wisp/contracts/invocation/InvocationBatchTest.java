package dev.wisp.contracts.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvocationBatchTest {

    private final ByteBuffer one = ByteBuffer.wrap(InvocationCodec.encode(InvocationCodecTest.record(Outcome.SUCCESS)));
    private final ByteBuffer other =
            ByteBuffer.wrap(InvocationCodec.encode(InvocationCodecTest.record(Outcome.TIMEOUT)));

    @Test
    void comesBackAsItWasWritten() {
        byte[] value = InvocationBatch.of(List.of(one, other, one)).write();

        assertThat(InvocationBatch.read(value).records())
                .extracting(InvocationRecord::outcome)
                .containsExactly(Outcome.SUCCESS, Outcome.TIMEOUT, Outcome.SUCCESS);
    }

    @Test
    void isTheRecordItselfWhenThereIsOne() {
        byte[] value = InvocationBatch.of(List.of(one)).write();

        assertThat(value).isEqualTo(one.array());
        assertThat(InvocationBatch.read(value).records()).hasSize(1);
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] value = InvocationBatch.of(List.of(one, other)).write();

        for (int length = 1; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> InvocationBatch.read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> InvocationBatch.read(Arrays.copyOf(value, value.length + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InvocationBatch.read(new byte[0]).records())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasABound() {
        List<ByteBuffer> many = new ArrayList<>();
        for (int record = 0; record <= InvocationBatch.RECORDS_MAX; record++) {
            many.add(one);
        }

        assertThatThrownBy(() -> InvocationBatch.of(many)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsAccountAndTimeWithoutReadingTheRest() {
        InvocationRecord record = InvocationCodecTest.record(Outcome.SUCCESS);

        assertThat(InvocationCodec.isRecord(one)).isTrue();
        assertThat(InvocationCodec.account(one)).isEqualTo(record.account());
        assertThat(InvocationCodec.receivedAtMicros(one)).isEqualTo(record.receivedAtMicros());
        assertThat(InvocationCodec.isRecord(ByteBuffer.wrap(new byte[200]))).isFalse();
    }
}
