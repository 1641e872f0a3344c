package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.metering.UpgradePolicy.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradePolicyTest {

    @Test
    void asksTheWorkloadWhenABareGetNominatesAnotherProtocol() {
        assertThat(UpgradePolicy.decide("websocket", true, true)).isEqualTo(Verdict.ASK);
    }

    @Test
    void refusesWhenTheRequestIsNotBare() {
        assertThat(UpgradePolicy.decide("websocket", true, false)).isEqualTo(Verdict.REFUSE);
    }

    @Test
    void goesOnAsHttpWhenNothingIsNominatedOrTheProtocolIsTheConnectionsOwn() {
        assertThat(UpgradePolicy.decide(null, true, true)).isEqualTo(Verdict.IGNORE);
        assertThat(UpgradePolicy.decide("websocket", false, true)).isEqualTo(Verdict.IGNORE);
        assertThat(UpgradePolicy.decide("h2c", true, false)).isEqualTo(Verdict.IGNORE);
        assertThat(UpgradePolicy.decide("HTTP/2.0", true, true)).isEqualTo(Verdict.IGNORE);
    }

    @Test
    void findsTheNominationAmongOtherOptions() {
        assertThat(UpgradePolicy.isNominated(List.of("keep-alive, Upgrade"))).isTrue();
        assertThat(UpgradePolicy.isNominated(List.of("close", "upgrade"))).isTrue();
        assertThat(UpgradePolicy.isNominated(List.of("keep-alive", "upgraded"))).isFalse();
    }
}
