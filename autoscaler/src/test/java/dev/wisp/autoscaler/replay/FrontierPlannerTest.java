package dev.wisp.autoscaler.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.keepalive.FixedKeepAlive;
import dev.wisp.autoscaler.keepalive.HistogramKeepAlive;
import dev.wisp.autoscaler.keepalive.KeepAlive;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The claim of docs/keep-alive.md: whatever a fixed keep-alive or the hybrid histogram gives, some price gives more for less. */
class FrontierPlannerTest {

    private static final List<Double> FIXED_SECONDS =
            List.of(1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0);

    @Test
    void liesBelowAllOthersOnTheAzureSample() {
        liesBelowAllOthers(Traces.azure(), 0.001, 4);
    }

    /** Start times only scale the price: a slower start is worth holding for at a higher one. */
    @Test
    void liesBelowAllOthersForSlowStarts() {
        liesBelowAllOthers(Traces.azure(), 0.150, 4);
    }

    /** The even spread of a minute's calls helps whoever learns, so the same without it. */
    @Test
    void liesBelowAllOthersWhenCallsAreScattered() {
        liesBelowAllOthers(Traces.scattered(Traces.azure(), new Random(1)), 0.001, 4);
    }

    @Test
    void liesBelowAllOthersOnEitherHalf() {
        liesBelowAllOthers(Traces.half(Traces.azure(), 0), 0.001, 4);
        liesBelowAllOthers(Traces.half(Traces.azure(), 1), 0.001, 4);
    }

    @Test
    void liesBelowAllOthersOnInventedTraffic() {
        for (int seed = 1; seed <= 3; seed++) {
            liesBelowAllOthers(Traces.invented(new Random(seed)), 0.001, 12);
        }
    }

    @Test
    void isTheSameEachTime() {
        Recording recording = Traces.invented(new Random(1));

        assertThat(FrontierPlanner.frontier(recording, 0.001, 2))
                .isEqualTo(FrontierPlanner.frontier(recording, 0.001, 2));
    }

    private static void liesBelowAllOthers(Recording recording, double startSeconds, int pointsPerDecade) {
        List<FrontierPlanner.Point> frontier = FrontierPlanner.frontier(recording, startSeconds, pointsPerDecade);
        for (double seconds : FIXED_SECONDS) {
            liesBelow(frontier, recording, startSeconds, "fixed " + seconds, () -> FixedKeepAlive.of(seconds));
        }
        liesBelow(frontier, recording, startSeconds, "histogram", HistogramKeepAlive::new);
    }

    private static void liesBelow(
            List<FrontierPlanner.Point> frontier,
            Recording recording,
            double startSeconds,
            String name,
            Supplier<KeepAlive> other) {
        ReplayResult beaten = ReplayPlanner.replay(recording, series -> other.get());

        assertThat(frontier)
                .as("%s: %s", name, beaten)
                .anyMatch(point ->
                        point.result().addedLatencyMillis(startSeconds) <= beaten.addedLatencyMillis(startSeconds)
                                && point.result().idleGbSeconds() < beaten.idleGbSeconds());
    }
}
