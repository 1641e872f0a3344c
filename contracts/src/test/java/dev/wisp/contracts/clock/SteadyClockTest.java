package dev.wisp.contracts.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SteadyClockTest {

    private static final Instant BEGIN = Instant.parse("2026-11-30T23:00:00Z");

    private Instant wall = BEGIN;
    private long nanos = Long.MAX_VALUE - 1_000;
    private long slept = 17;
    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos, () -> slept);

    static Stream<Duration> jumps() {
        return Stream.of(
                Duration.ofSeconds(2),
                Duration.ofSeconds(-2),
                Duration.ofHours(3),
                Duration.ofHours(-3),
                Duration.ofDays(400),
                Duration.ofDays(-20_000),
                // As many nanoseconds as a long counts before it is 0 again.
                Duration.ofSeconds(18_446_744_073L, 709_551_616));
    }

    @Test
    void goesWithTheWallClock() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 1_000; round++) {
            pass(Duration.ofMillis(random.nextLong(10_000)));

            assertThat(clock.instant()).isEqualTo(wall);
        }
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void aSlipThatIsPutRightNeverShows(Duration jump) {
        wall = wall.plus(jump);
        for (int minute = 0; minute < 4; minute++) {
            assertThat(clock.instant()).isEqualTo(wall.minus(jump));
            pass(Duration.ofMinutes(1));
        }
        wall = wall.minus(jump);
        assertThat(clock.instant()).isEqualTo(wall);
        pass(Duration.ofMinutes(2));

        wall = wall.plus(jump);

        assertThat(clock.instant()).isEqualTo(wall.minus(jump));
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void isFollowedWhenItStaysSo(Duration jump) {
        wall = wall.plus(jump);
        assertThat(clock.instant()).isEqualTo(wall.minus(jump));
        pass(SteadyClock.BELIEVED_AFTER);

        assertThat(clock.instant()).isEqualTo(wall);

        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @Test
    void aClockThatIsSetAgainIsWaitedForAgain() {
        wall = wall.plus(Duration.ofHours(1));
        clock.instant();
        pass(Duration.ofMinutes(4));
        wall = wall.plus(Duration.ofHours(1));
        clock.instant();
        pass(Duration.ofMinutes(4));

        assertThat(clock.instant()).isEqualTo(wall.minus(Duration.ofHours(2)));
    }

    @Test
    void aHostThatSleptIsFollowedAtOnce() {
        wall = wall.plus(Duration.ofHours(8));
        slept += Duration.ofHours(8).toNanos();

        assertThat(clock.instant()).isEqualTo(wall);
        assertThat(clock.instant()).isEqualTo(wall);
    }

    /** What was set before goes on being waited for. */
    @Test
    void aHostThatSleepsWhileItsClockIsWrongGoesOnByWhatItSlept() {
        Duration jump = Duration.ofHours(-3);
        wall = wall.plus(jump);
        assertThat(clock.instant()).isEqualTo(wall.minus(jump));
        pass(Duration.ofMinutes(1));

        wall = wall.plus(Duration.ofHours(8));
        slept += Duration.ofHours(8).toNanos();

        assertThat(clock.instant()).isEqualTo(wall.minus(jump));
        pass(Duration.ofMinutes(3));
        assertThat(clock.instant()).isEqualTo(wall.minus(jump));
        pass(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void aClockThatWasSetWhileItsHostSleptIsWaitedFor(Duration jump) {
        wall = wall.plus(Duration.ofHours(8)).plus(jump);
        slept += Duration.ofHours(8).toNanos();

        assertThat(clock.instant()).isEqualTo(wall.minus(jump));

        pass(SteadyClock.BELIEVED_AFTER);
        assertThat(clock.instant()).isEqualTo(wall);
    }

    @Test
    void theOneOfTheProcessGoesWithTheWallClock() {
        Duration off = Duration.between(
                SteadyClock.system().instant(), InstantSource.system().instant());

        assertThat(off.abs()).isLessThan(Duration.ofSeconds(1));
    }

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }
}
