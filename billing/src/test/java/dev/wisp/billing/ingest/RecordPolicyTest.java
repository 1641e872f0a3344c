package dev.wisp.billing.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
            new Case("negative processor time", Invocations.strange(GOOD, -1, "i-1"), "cpu=-1"),
            new Case("processor time of years", Invocations.strange(GOOD, Long.MAX_VALUE, "i-1"), "cpu="),
            new Case("a negative processor limit", GOOD.withCpuMillicores(-1), "cpuMillicores=-1"),
            new Case("a name that Postgres cannot store", Invocations.strange(GOOD, 1, "i\0"), "control"),
            new Case("negative cost", Invocations.overcharged(GOOD, 1, -1), "costPicos=-1"));

    @ParameterizedTest
    @FieldSource("REFUSED")
    void refuses(Case c) {
        assertThat(RecordPolicy.refusal(c.record())).contains(c.refusal());
    }

    @Test
    void takesWhatNodesMake() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000; i++) {
            InvocationRecord record = Invocations.any(NOW.minus(Duration.ofHours(i)), "hello", random);

            assertThat(RecordPolicy.refusal(record)).isNull();
            assertThat(isDated(record)).isTrue();
        }
    }

    @Test
    void believesAnIdFromTheOtherSideOfMidnight() {
        Instant midnight = Instant.parse("2026-11-23T00:00:00Z");
        InvocationRecord before = Invocations.success(midnight.minusMillis(1), "hello", new SplittableRandom(3));
        InvocationRecord record = received(before, midnight);

        assertThat(isDated(record)).isTrue();
    }

    @Test
    void believesNoIdFromAnotherDay() {
        InvocationRecord record = received(GOOD, NOW.minus(Duration.ofDays(3)));

        assertThat(isDated(record)).isFalse();
    }

    /** Whose clock is ahead by minutes at the end of a month would be billed in the next one. */
    @Test
    void believesNoTimeThatIsYetToCome() {
        assertThat(isDated(at(NOW.plus(RecordPolicy.FUTURE_MAX)))).isTrue();
        assertThat(isDated(at(NOW.plus(RecordPolicy.FUTURE_MAX).plusMillis(1)))).isFalse();
        assertThat(isDated(at(NOW.minus(AGE_MAX)))).isTrue();
        assertThat(isDated(at(NOW.minus(AGE_MAX).minusMillis(1)))).isFalse();
        assertThat(isDated(at(Instant.EPOCH))).isFalse();
    }

    @Test
    void isDatedByItsArrivalInItsIdToo() {
        InvocationRecord ahead = at(NOW.plus(Duration.ofDays(30)));
        InvocationRecord other = at(NOW.plus(Duration.ofDays(31)));

        InvocationRecord dated = DatingPolicy.dated(ahead, NOW);

        assertThat(dated).isEqualTo(received(ahead, NOW).withInvocationId(dated.invocationId()));
        assertThat(isDated(dated)).isTrue();
        assertThat(dated.invocationId().getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        assertThat(dated.invocationId())
                .isEqualTo(DatingPolicy.dated(ahead, NOW).invocationId())
                .isNotEqualTo(DatingPolicy.dated(other, NOW).invocationId());
    }

    private static InvocationRecord at(Instant time) {
        return Invocations.success(time, "hello", new SplittableRandom(time.toEpochMilli()));
    }

    private static boolean isDated(InvocationRecord record) {
        return RecordPolicy.isDated(record.invocationId(), record.receivedAtMicros(), AGE_MAX, NOW);
    }

    /** A record received at another time than its id says. */
    private static InvocationRecord received(InvocationRecord record, Instant at) {
        return record.withReceivedAtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, at));
    }
}
