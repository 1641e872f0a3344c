package dev.wisp.contracts.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.revision.RevisionId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvocationCodecTest {

    private static final int FLAGS_AT = 1 + 16 + 8 + 2 + 1;
    /** Trigger, attempt and the uid of the service. */
    private static final int ORIGIN_BYTES = 1 + 2 + 16;

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void whatIsWrittenIsRead(Outcome outcome) {
        InvocationRecord record = record(outcome);

        assertThat(InvocationCodec.decode(ByteBuffer.wrap(InvocationCodec.encode(record))))
                .isEqualTo(record);
    }

    @Test
    void aRecordFromBeforeThereWereStartPartsIsRead() {
        InvocationRecord without = record(Outcome.SUCCESS, "hello-00001-a1b2", StartParts.NONE);
        byte[] with = InvocationCodec.encode(record(Outcome.SUCCESS));
        byte[] bytes = InvocationCodec.encode(without);

        assertThat(bytes).hasSize(with.length - 1 - "schedule=61,claim=12,listen=961".length());
        assertThat(InvocationCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(without);
    }

    /** What a journal of before holds after an update of the node: the record without what came later, and its flags. */
    @Test
    void aRecordFromBeforeTheProcessorLimitIsRead() {
        InvocationRecord record = record(Outcome.SUCCESS);
        byte[] bytes = InvocationCodec.encode(record);
        byte[] before = Arrays.copyOf(bytes, bytes.length - Integer.BYTES - ORIGIN_BYTES);
        before[FLAGS_AT] &= ~(8 + 16);

        InvocationRecord read = InvocationCodec.decode(ByteBuffer.wrap(before));

        assertThat(read.cpuMillicores()).isZero();
        assertThat(read).isEqualTo(record.withCpuMillicores(0).withOrigin(Origin.UNKNOWN));
        assertThat(InvocationCodec.encode(read)).isEqualTo(before);
    }

    @Test
    void aRecordFromBeforeItsOriginIsRead() {
        InvocationRecord record = record(Outcome.SUCCESS);
        byte[] bytes = InvocationCodec.encode(record);
        byte[] before = Arrays.copyOf(bytes, bytes.length - ORIGIN_BYTES);
        before[FLAGS_AT] &= ~16;

        InvocationRecord read = InvocationCodec.decode(ByteBuffer.wrap(before));

        assertThat(read).isEqualTo(record.withOrigin(Origin.UNKNOWN));
        assertThat(InvocationCodec.encode(read)).isEqualTo(before);
    }

    @Test
    void aTriggerThatIsNoneIsNoRecord() {
        byte[] bytes = InvocationCodec.encode(record(Outcome.SUCCESS));
        bytes[bytes.length - ORIGIN_BYTES] = 7;

        assertThatThrownBy(() -> InvocationCodec.decode(ByteBuffer.wrap(bytes))).hasMessageContaining("trigger=7");
    }

    @Test
    void startPartsOfAnotherFormAreNoRecord() {
        byte[] bytes = InvocationCodec.encode(record(Outcome.SUCCESS));
        bytes[bytes.length - ORIGIN_BYTES - 8] = '\n';

        assertThatThrownBy(() -> InvocationCodec.decode(ByteBuffer.wrap(bytes))).hasMessageContaining("start parts");
    }

    @Test
    void refusesEveryPrefixOfARecord() {
        byte[] bytes = InvocationCodec.encode(record(Outcome.SUCCESS));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer prefix = ByteBuffer.wrap(Arrays.copyOf(bytes, length));

            assertThatThrownBy(() -> InvocationCodec.decode(prefix)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAFormatItDoesNotKnow() {
        byte[] bytes = InvocationCodec.encode(record(Outcome.SUCCESS));
        bytes[0] = 2;

        assertThatThrownBy(() -> InvocationCodec.decode(ByteBuffer.wrap(bytes))).hasMessageContaining("format=2");
    }

    @Test
    void aWriterThatKeepsNamesWritesTheSame() {
        InvocationWriter writer = new InvocationWriter();
        for (InvocationRecord record : List.of(
                record(Outcome.SUCCESS),
                record(Outcome.ERROR),
                record(Outcome.SUCCESS, "hello-00001-c3d4"),
                record(Outcome.TIMEOUT, "hello-00001-c3d4"),
                record(Outcome.SUCCESS, "hello-00001-c3d4", StartParts.NONE),
                record(Outcome.SUCCESS, "hello-00001-c3d4", StartParts.NONE).withCpuMillicores(0),
                record(Outcome.SUCCESS).withCpuMillicores(Integer.MAX_VALUE),
                record(Outcome.SUCCESS).withOrigin(Origin.UNKNOWN),
                record(Outcome.SUCCESS).withOrigin(Origin.of(Trigger.HTTP, 1 << 20, "no uuid")),
                record("POST"),
                record(""),
                record(Outcome.SUCCESS))) {
            ByteBuffer out = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);

            writer.write(record, out);

            assertThat(InvocationCodec.decode(out.flip())).isEqualTo(record);
        }
    }

    static InvocationRecord record(Outcome outcome) {
        return record(outcome, "hello-00001-a1b2");
    }

    private static InvocationRecord record(String method) {
        return record(Outcome.SUCCESS, "hello-00001-a1b2", method, StartParts.NONE);
    }

    private static InvocationRecord record(Outcome outcome, String instanceId) {
        return record(outcome, instanceId, new StartParts("schedule=61,claim=12,listen=961"));
    }

    private static InvocationRecord record(Outcome outcome, String instanceId, StartParts startParts) {
        return record(outcome, instanceId, "GET", startParts);
    }

    private static InvocationRecord record(Outcome outcome, String instanceId, String method, StartParts startParts) {
        return new InvocationRecord(
                new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L),
                1_790_000_000_000_001L,
                "default",
                new RevisionId("default", "hello-00001"),
                "hello",
                instanceId,
                "node-1",
                method,
                200,
                outcome,
                12,
                1_034,
                420,
                true,
                1,
                310,
                false,
                1_500,
                256L << 20,
                1 << 20,
                0,
                14,
                1,
                200_625,
                startParts,
                Origin.of(Trigger.PUBSUB, 3, "0190aaaa-0000-7000-8000-00000000000f"));
    }
}
