package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.gateway.admission.AdmissionPolicy.HoldView;
import dev.wisp.gateway.admission.AdmissionPolicy.Verdict;
import dev.wisp.gateway.admission.HoldBudget.Share;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionPolicyTest {

    private static final HoldLimits LIMITS = new HoldLimits(10, 20, 1000, 1, 1, 0);

    @ParameterizedTest
    @CsvSource({
        "0,  0,  0,   0,  0,   100, HOLD",
        "9,  0,  0,   19, 900, 100, HOLD",
        "9,  9,  499, 10, 500, 100, HOLD",
        "10, 10, 0,   10, 0,   100, REVISION_FULL",
        "0,  0,  0,   20, 0,   100, GATEWAY_FULL",
        "0,  0,  0,   1,  901, 100, MEMORY_FULL",
        "10, 0,  0,   20, 999, 100, REVISION_FULL",
        "0,  10, 0,   10, 0,   100, ACCOUNT_FULL",
        "0,  1,  500, 1,  500, 100, ACCOUNT_FULL",
    })
    void namesTheFirstLimitThatIsReached(
            int ofRevision,
            int ofAccount,
            long bytesOfAccount,
            int inAll,
            long bytesInAll,
            long requestBytes,
            Verdict expected) {
        HoldView view = new HoldView(ofRevision, new Share(ofAccount, bytesOfAccount), new Share(inAll, bytesInAll));

        assertThat(AdmissionPolicy.decide(view, requestBytes, LIMITS)).isEqualTo(expected);
    }

    /** Each is offered a place again and again, in turn, and gives none back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 9})
    void leavesAsMuchForTheNextAccountAsEachOfTheGreedyOnesHolds(int greedy) {
        HoldLimits limits = new HoldLimits(10_000, 1_000, 1 << 20, 1, 1, 0);
        HoldBudget budget = new HoldBudget();

        for (int offer = 0; offer < 10_000; offer++) {
            offer(budget, "greedy-" + offer % greedy, limits);
        }

        int share = 1_000 / (greedy + 1);
        List<Integer> held = new ArrayList<>();
        for (int account = 0; account < greedy; account++) {
            held.add(budget.of("greedy-" + account).held());
        }
        assertThat(held).allSatisfy(one -> assertThat(one).isBetween(share - 1, share + 1));
        assertThat(offer(budget, "modest", limits)).isEqualTo(Verdict.HOLD);
    }

    @Test
    void forgetsAnAccountThatHoldsNothingAnyMore() {
        HoldBudget budget = new HoldBudget();

        budget.take("a", 100);
        budget.take("b", 10);
        budget.give("a", 100);

        assertThat(budget.of("a")).isEqualTo(Share.NONE);
        assertThat(budget.of("b")).isEqualTo(budget.inAll()).isEqualTo(new Share(1, 10));
    }

    @Test
    void refusesLimitsThatHoldNothing() {
        assertThatThrownBy(() -> new HoldLimits(0, 1, 1, 1, 1, 0)).hasMessageContaining("queueDepthMax=0");
    }

    private static Verdict offer(HoldBudget budget, String account, HoldLimits limits) {
        Verdict verdict = AdmissionPolicy.decide(new HoldView(0, budget.of(account), budget.inAll()), 100, limits);
        if (verdict == Verdict.HOLD) {
            budget.take(account, 100);
        }
        return verdict;
    }
}
