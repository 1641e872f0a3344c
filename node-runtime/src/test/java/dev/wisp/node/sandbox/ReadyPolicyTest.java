package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.sandbox.ReadyPolicy.Observed;
import dev.wisp.node.sandbox.ReadyPolicy.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReadyPolicyTest {

    private static final int READY_MAX = 4;
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private static Step next(int ready, Duration sinceStart, double demand) {
        return ReadyPolicy.next(READY_MAX, new Observed(ready, sinceStart, demand));
    }

    @Test
    void holdsOneHoweverLongAgoTheLastStartWas() {
        assertThat(next(0, LONG_AGO, 0)).isEqualTo(new Step.Connect());
        assertThat(next(1, LONG_AGO, 0)).isEqualTo(new Step.Wait(Duration.ofSeconds(1)));
    }

    @Test
    void holdsAsManyAsWereStartedLatelyWithinTheBound() {
        assertThat(next(2, LONG_AGO, 2.1)).isEqualTo(new Step.Connect());
        assertThat(next(3, LONG_AGO, 2.1)).isEqualTo(new Step.Wait(Duration.ofSeconds(1)));
        assertThat(next(4, LONG_AGO, 100)).isEqualTo(new Step.Wait(Duration.ofSeconds(1)));
    }

    @Test
    void letsGoWhenDemandFades() {
        assertThat(next(3, LONG_AGO, 1.2)).isEqualTo(new Step.Discard());
        assertThat(next(2, LONG_AGO, 1.2)).isEqualTo(new Step.Wait(Duration.ofSeconds(1)));
    }

    @Test
    void keepsOffTheProcessorsRightAfterAStart() {
        assertThat(next(0, Duration.ofNanos(500_000), 1)).isEqualTo(new Step.Wait(Duration.ofNanos(1_500_000)));
    }

    @Test
    void holdsNoneWhereNoneAreWanted() {
        assertThat(ReadyPolicy.next(0, new Observed(0, LONG_AGO, 10))).isEqualTo(new Step.Wait(Duration.ofSeconds(1)));
    }
}
