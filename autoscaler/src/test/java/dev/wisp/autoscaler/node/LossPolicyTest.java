package dev.wisp.autoscaler.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "1251, 3, 3, true",
        "1251, 3, 2, true",
        "1251, 1, 1, true",
        // One gateway of several that is cut off empties no node, nor does half of them.
        "2900, 3, 1, false",
        "2900, 2, 1, false",
        // Nobody reports: three heartbeats, as without gateways.
        "2900, 0, 0, false",
        // A fresh heartbeat is believed, whatever gateways say.
        "1250, 3, 3, false",
        "0, 3, 3, false",
    })
    void isLostWhenItIsSilentAndMostGatewaysAreRefused(long silentMillis, int gateways, int refused, boolean lost) {
        assertThat(LossPolicy.isLost(Duration.ofMillis(silentMillis), gateways, refused))
                .isEqualTo(lost);
    }
}
