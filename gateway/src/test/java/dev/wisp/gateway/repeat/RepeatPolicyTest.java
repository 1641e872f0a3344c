package dev.wisp.gateway.repeat;

import static dev.wisp.gateway.repeat.RepeatPolicy.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.gateway.repeat.RepeatPolicy.Claim;
import dev.wisp.gateway.repeat.RepeatPolicy.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatPolicyTest {

    @Test
    void takesTheMethodsThatTheStandardCallsIdempotent() {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")) {
            assertThat(RepeatPolicy.claim(method, false)).as(method).isEqualTo(Claim.IDEMPOTENT);
        }
        for (String method : List.of("POST", "PATCH", "CONNECT", "get", "LOCK", "")) {
            assertThat(RepeatPolicy.claim(method, false)).as(method).isEqualTo(Claim.NONE);
            assertThat(RepeatPolicy.claim(method, true)).as(method).isEqualTo(Claim.MARKED);
        }
    }

    @Test
    void repeatsOnceWhatIsSafeAndWhole() {
        assertThat(decide(Claim.IDEMPOTENT, 0, 0, true)).isEqualTo(Verdict.REPEAT);
        assertThat(decide(Claim.MARKED, RepeatPolicy.BODY_BYTES_MAX, 0, true)).isEqualTo(Verdict.REPEAT);
    }

    @Test
    void saysWhyNot() {
        assertThat(decide(Claim.NONE, 0, 0, true)).isEqualTo(Verdict.NOT_IDEMPOTENT);
        assertThat(decide(Claim.IDEMPOTENT, -1, 0, true)).isEqualTo(Verdict.BODY_NOT_KEPT);
        assertThat(decide(Claim.MARKED, RepeatPolicy.BODY_BYTES_MAX + 1, 0, true))
                .isEqualTo(Verdict.BODY_NOT_KEPT);
        assertThat(decide(Claim.IDEMPOTENT, 0, 1, true)).isEqualTo(Verdict.REPEATED_BEFORE);
        assertThat(decide(Claim.IDEMPOTENT, 0, 0, false)).isEqualTo(Verdict.BUDGET_SPENT);
    }

    /** Whatever happens in whatever order, repetitions stay within the share of what was answered, the burst and what was promised. */
    @Test
    void budgetKeepsToItsShare() {
        RepeatBudget budget = new RepeatBudget(new RepeatLimits(20, 10, 0));
        int repeated = 0;
        for (int call = 0; call < 1_000; call++) {
            if (budget.allows()) {
                budget.repeated();
                repeated++;
            }
        }
        assertThat(repeated).isEqualTo(10);

        for (int answered = 0; answered < 100; answered++) {
            budget.answered();
            if (budget.allows()) {
                budget.repeated();
                repeated++;
            }
        }
        assertThat(repeated).isEqualTo(30);
    }

    @Test
    void budgetEarnsBackWhatManyInFlightWerePromised() {
        RepeatBudget budget = new RepeatBudget(new RepeatLimits(20, 10, 0));
        for (int inFlight = 0; inFlight < 50; inFlight++) {
            budget.repeated();
        }

        for (int answered = 0; answered < 204; answered++) {
            assertThat(budget.allows()).isFalse();
            budget.answered();
        }
        budget.answered();
        assertThat(budget.allows()).isTrue();
    }

    @Test
    void aBurstOfNoneIsOff() {
        RepeatBudget budget = new RepeatBudget(new RepeatLimits(100, 0, 0));
        budget.answered();
        assertThat(budget.allows()).isFalse();
    }

    @Test
    void limitsAreBounded() {
        assertThatThrownBy(() -> new RepeatLimits(101, 1, 0)).hasMessageContaining("percent=101");
        assertThatThrownBy(() -> new RepeatLimits(1, -1, 0)).hasMessageContaining("burst=-1");
    }
}
