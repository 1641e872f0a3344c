package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is said of instances that nodes keep frozen beyond what is planned. */
class KeptFrozenLoopTest extends ScalingLoopFixture {

    private static final ScalingSpec PLAIN = Revisions.scaling(0, 5, 1_000);

    @Test
    void saysHowManyMayStayFrozen() {
        callOnce(PLAIN.with().keepFrozenMillis(600_000).build());
        assertThat(plan("a").desired()).isZero();
        assertThat(reason())
                .startsWith("0: idle ")
                .endsWith(
                        "; 2 more may stay frozen for 600 s after their keep-alive while nobody needs what they hold");

        bus.publish(Topics.INSTANCES, "a-0", null);
        run();
        assertThat(reason()).contains("; 1 more may stay frozen");

        bus.publish(Topics.INSTANCES, "a-1", null);
        run();
        assertThat(reason()).doesNotContain("frozen");
    }

    @Test
    void saysNothingOfItWhereNoneIsKept() {
        callOnce(PLAIN);
        assertThat(reason()).startsWith("0: idle ").doesNotContain("frozen");
    }

    @Test
    void saysNothingOfItWhereNothingIsFrozen() {
        callOnce(PLAIN.with().keepFrozenMillis(600_000).freezeAfterMillis(0).build());
        assertThat(reason()).startsWith("0: idle ").doesNotContain("frozen");
    }

    /** Two instances are ready, and the keep-alive is over. */
    private void callOnce(ScalingSpec scaling) {
        deploy("a", scaling);
        route("a");
        heartbeat("n1");
        demand("a", 1);
        run();
        ready("a", "n1", 2);
        demand("a", 0);
        run();
        clock.advance(Duration.ofSeconds(2));
        heartbeat("n1");
        run();
    }

    private String reason() {
        return log.latest("default", "a", 1).orElseThrow().getFirst().reason();
    }
}
