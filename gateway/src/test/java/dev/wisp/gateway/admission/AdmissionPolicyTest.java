package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.gateway.admission.AdmissionPolicy.HoldView;
import dev.wisp.gateway.admission.AdmissionPolicy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionPolicyTest {

    private static final HoldLimits LIMITS = new HoldLimits(10, 20, 1000, 1, 1, 0);

    @ParameterizedTest
    @CsvSource({
        "0,  0,  0,   100, HOLD",
        "9,  19, 900, 100, HOLD",
        "10, 10, 0,   100, REVISION_FULL",
        "0,  20, 0,   100, GATEWAY_FULL",
        "0,  1,  901, 100, MEMORY_FULL",
        "10, 20, 999, 100, REVISION_FULL",
    })
    void namesTheFirstLimitThatIsReached(int ofRevision, int inAll, long bytes, long requestBytes, Verdict expected) {
        assertThat(AdmissionPolicy.decide(new HoldView(ofRevision, inAll, bytes), requestBytes, LIMITS))
                .isEqualTo(expected);
    }

    @Test
    void refusesLimitsThatHoldNothing() {
        assertThatThrownBy(() -> new HoldLimits(0, 1, 1, 1, 1, 0)).hasMessageContaining("queueDepthMax=0");
    }
}
