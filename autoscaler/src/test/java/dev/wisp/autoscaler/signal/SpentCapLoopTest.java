package dev.wisp.autoscaler.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.decision.Revisions;
import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.bus.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is held while a cap is spent. */
class SpentCapLoopTest extends ScalingLoopFixture {

    private static final Instant RESETS = Instant.parse("2026-12-01T00:00:00Z");

    /** Calls are refused then, and instances that wait would go on costing what the cap has not. */
    @Test
    void nothingIsHeldOfWhatASpentCapCovers() {
        deploy("a", Revisions.scaling(2, 5, 1_000));
        route("a");
        heartbeat("n1");
        cap("default", false);
        run();
        assertThat(plan("a").desired()).isEqualTo(2);

        assertThat(loop.take(new Signal.BudgetSeen("team", rule("default", true)), clock.instant()))
                .as("at once")
                .isTrue();
        run();
        assertThat(plan("a").desired()).isZero();
        assertThat(plan("a").reason()).contains("budget team is spent, nothing is held until 2026-12-01T00:00:00Z");

        cap("other", true);
        run();
        assertThat(plan("a").desired()).isEqualTo(2);
        cap("default", true);
        run();
        bus.publish(Topics.BUDGETS, "team", null);
        run();
        assertThat(plan("a").desired()).isEqualTo(2);
    }

    /** Gateways admit its calls again from then on, whether billing has said so yet or not. */
    @Test
    void whatASpentCapCoversIsHeldAgainWhenItsMonthIsOver() {
        deploy("a", Revisions.scaling(2, 5, 1_000));
        route("a");
        clock.advance(Duration.between(clock.instant(), RESETS).minusMillis(1));
        heartbeat("n1");
        cap("default", true);
        run();
        assertThat(plan("a").desired()).isZero();

        clock.advance(Duration.ofMillis(1));
        run();

        assertThat(plan("a").desired()).isEqualTo(2);
    }

    private void cap(String namespace, boolean spent) {
        bus.publish(Topics.BUDGETS, "team", rule(namespace, spent));
    }

    private static BudgetRule rule(String namespace, boolean spent) {
        return new BudgetRule(
                "team",
                "scope-of-" + namespace,
                namespace,
                BudgetAction.CAP,
                BigDecimal.ONE,
                "USD",
                Instant.parse("2026-11-01T00:00:00Z"),
                RESETS,
                spent,
                false,
                Map.of());
    }
}
