package dev.wisp.gateway.ejection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.gateway.ejection.EjectionPolicy.Decision;
import dev.wisp.gateway.ejection.EjectionPolicy.Failure;
import dev.wisp.gateway.ejection.EjectionPolicy.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EjectionPolicyTest {

    private static final EjectionLimits LIMITS =
            new EjectionLimits(3, Duration.ofMillis(200), Duration.ofSeconds(1), 50);
    private static final long NOW = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    @Test
    void leavesAloneAfterSoManyFailuresInARow() {
        Decision first = broken(Health.WELL, 2, 0);
        assertThat(first).isEqualTo(new Decision.Keep(new Health(1, 0, 0), "1 of 3 failures in a row"));
        Decision third = broken(new Health(2, 0, 0), 2, 0);

        assertThat(third)
                .isEqualTo(new Decision.Eject(
                        new Health(3, 1, NOW + 200 * MILLI), "3 failures in a row: left alone for 200 ms"));
    }

    @Test
    void oneCallDecidesAfterItsTime() {
        Decision again = broken(new Health(3, 1, NOW - 1), 2, 0);

        assertThat(again)
                .isInstanceOfSatisfying(
                        Decision.Eject.class,
                        eject -> assertThat(eject.health()).isEqualTo(new Health(4, 2, NOW + 400 * MILLI)));
    }

    @Test
    void timesDoubleUpToTheLongest() {
        assertThat(EjectionPolicy.ejectedNanos(0, LIMITS)).isEqualTo(200 * MILLI);
        assertThat(EjectionPolicy.ejectedNanos(2, LIMITS)).isEqualTo(800 * MILLI);
        assertThat(EjectionPolicy.ejectedNanos(3, LIMITS)).isEqualTo(1_000 * MILLI);
        assertThat(EjectionPolicy.ejectedNanos(1_000, LIMITS)).isEqualTo(1_000 * MILLI);
    }

    @Test
    void leavesAtMostItsShareAlone() {
        assertThat(broken(new Health(2, 0, 0), 4, 1)).isInstanceOf(Decision.Eject.class);
        assertThat(broken(new Health(2, 0, 0), 4, 2))
                .isEqualTo(new Decision.Keep(
                        new Health(3, 0, 0),
                        "3 failures in a row, but 2 of 4 instances are left alone, and at most 50 % may be"));
    }

    /** A single instance that fails may still be right the next time; without it nobody is served. */
    @Test
    void neverLeavesTheOnlyOneAloneForFailedCalls() {
        assertThat(broken(new Health(100, 0, 0), 1, 0)).isInstanceOf(Decision.Keep.class);
    }

    @Test
    void whoCannotBeConnectedToIsLeftAloneAtOnceAndForgottenInTheEnd() {
        Health health = Health.WELL;
        for (int time = 1; time <= EjectionPolicy.EJECTIONS_MAX; time++) {
            Decision decision = EjectionPolicy.failed(health, Failure.UNCONNECTED, 1, 0, NOW, LIMITS);
            assertThat(decision).isInstanceOf(Decision.Eject.class);
            health = ((Decision.Eject) decision).health();
            assertThat(health.ejections()).isEqualTo(time);
        }

        assertThat(EjectionPolicy.failed(health, Failure.UNCONNECTED, 1, 0, NOW, LIMITS))
                .isEqualTo(new Decision.Forget("no connection after it was left alone 8 times"));
    }

    @Test
    void limitsAreBounded() {
        assertThatThrownBy(() -> new EjectionLimits(0, Duration.ofMillis(1), Duration.ofMillis(1), 50))
                .hasMessageContaining("failuresMax=0");
        assertThatThrownBy(() -> new EjectionLimits(1, Duration.ofMillis(2), Duration.ofMillis(1), 50))
                .hasMessageContaining("in order");
        assertThatThrownBy(() -> new EjectionLimits(1, Duration.ofMillis(1), Duration.ofMillis(1), 101))
                .hasMessageContaining("percentMax=101");
    }

    private static Decision broken(Health health, int instances, int ejected) {
        return EjectionPolicy.failed(health, Failure.BROKEN, instances, ejected, NOW, LIMITS);
    }
}
