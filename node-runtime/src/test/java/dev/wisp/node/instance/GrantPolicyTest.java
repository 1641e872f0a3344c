package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.node.instance.GrantPolicy.Decision;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrantPolicyTest {

    record Case(String name, Purpose purpose, @Nullable NodeShare share, int maxScale, int live, boolean granted) {}

    static List<Case> cases() {
        NodeShare share = new NodeShare("node-1", 2, 3);
        NodeShare huge = new NodeShare("node-1", 1, Integer.MAX_VALUE);
        return List.of(
                new Case("gateway below count and burst", Purpose.GATEWAY, share, 0, 4, true),
                new Case("gateway at count and burst", Purpose.GATEWAY, share, 0, 5, false),
                new Case("gateway at max-scale", Purpose.GATEWAY, share, 3, 3, false),
                new Case("gateway with a share that would overflow", Purpose.GATEWAY, huge, 0, 1_000_000, true),
                new Case("gateway without a plan", Purpose.GATEWAY, null, 0, 3, true),
                new Case("gateway past what it has without a plan", Purpose.GATEWAY, null, 0, 4, false),
                new Case("gateway without a plan but with max-scale", Purpose.GATEWAY, null, 9, 1, false),
                new Case("plan below count", Purpose.PLAN, share, 0, 1, true),
                new Case("plan at count", Purpose.PLAN, share, 0, 2, false),
                new Case("plan that is not known", Purpose.PLAN, null, 0, 0, false),
                new Case("probe", Purpose.PROBE, null, 0, 0, true),
                new Case("second probe", Purpose.PROBE, null, 0, 1, false));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void grants(Case asked) {
        Decision decision = GrantPolicy.decide(asked.purpose(), asked.share(), asked.maxScale(), 4, asked.live());

        assertThat(decision instanceof Decision.Granted).as(asked.name()).isEqualTo(asked.granted());
    }

    @Test
    void doublesThePauseAfterCrashesUpToAMinute() {
        assertThat(CrashBackoffPolicy.pause(0, 0.5)).isZero();
        assertThat(CrashBackoffPolicy.pause(1, 0)).isEqualTo(Duration.ofMillis(250));
        assertThat(CrashBackoffPolicy.pause(3, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(CrashBackoffPolicy.pause(1_000, 0)).isEqualTo(Duration.ofMinutes(1));
        assertThat(CrashBackoffPolicy.pause(1_000, 1)).isEqualTo(Duration.ofSeconds(45));
    }
}
