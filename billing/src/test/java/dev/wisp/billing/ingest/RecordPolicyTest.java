package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RecordPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration AGE_MAX = Duration.ofDays(400);
    private static final InvocationRecord GOOD = Invocations.success(NOW, "hello", new SplittableRandom(1));

    record Case(String name, InvocationRecord record, String refusal) {

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Case> REFUSED = List.of(
            new Case(
                    "older than the ledger takes",
                    Invocations.success(NOW.minus(Duration.ofDays(401)), "hello", new SplittableRandom(1)),
                    "receivedAtMicros"),
            new Case(
                    "from the day after tomorrow",
                    Invocations.success(NOW.plus(Duration.ofDays(2)), "hello", new SplittableRandom(1)),
                    "receivedAtMicros"),
            new Case("negative processor time", Invocations.strange(GOOD, -1, "i-1"), "cpu=-1"),
            new Case("processor time of years", Invocations.strange(GOOD, Long.MAX_VALUE, "i-1"), "cpu="),
            new Case("a negative processor limit", limited(GOOD, -1), "cpuMillicores=-1"),
            new Case("a name that Postgres cannot store", Invocations.strange(GOOD, 1, "i\0"), "control"),
            new Case("negative cost", Invocations.overcharged(GOOD, 1, -1), "costPicos=-1"));

    /** The limit is what a record's bytes end with. */
    private static InvocationRecord limited(InvocationRecord record, int cpuMillicores) {
        assertThat(record.cpuMillicores()).isPositive();
        ByteBuffer bytes = ByteBuffer.wrap(InvocationCodec.encode(record));
        return InvocationCodec.decode(bytes.putInt(bytes.limit() - Integer.BYTES, cpuMillicores));
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void refuses(Case c) {
        assertThat(RecordPolicy.refusal(c.record(), AGE_MAX, NOW)).contains(c.refusal());
    }

    @Test
    void takesWhatNodesMake() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000; i++) {
            InvocationRecord record = Invocations.any(NOW.minus(Duration.ofHours(i)), "hello", random);

            assertThat(RecordPolicy.refusal(record, AGE_MAX, NOW)).isNull();
        }
    }

    @Test
    void takesAnIdFromTheOtherSideOfMidnight() {
        Instant midnight = Instant.parse("2026-11-23T00:00:00Z");
        InvocationRecord before = Invocations.success(midnight.minusMillis(1), "hello", new SplittableRandom(3));
        InvocationRecord record = new MovedRecord(before).to(midnight);

        assertThat(RecordPolicy.refusal(record, AGE_MAX, NOW)).isNull();
    }

    @Test
    void refusesAnIdFromAnotherDay() {
        InvocationRecord record = new MovedRecord(GOOD).to(NOW.minus(Duration.ofDays(3)));

        assertThat(RecordPolicy.refusal(record, AGE_MAX, NOW)).contains("days from receivedAtMicros");
    }
}
