package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.revision.Cidr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EgressConfigTest {

    @Test
    void thereIsNoWayOutUnlessTheOperatorSaysSo() {
        assertThat(EgressConfig.byDefault("wisp").outside()).isEmpty();
        assertThat(EgressConfig.outside("none")).isEmpty();
        assertThat(EgressConfig.outside("host")).isEqualTo("/proc/self/ns/net");
        assertThat(EgressConfig.outside("/run/netns/dmz")).isEqualTo("/run/netns/dmz");
        assertThatThrownBy(() -> EgressConfig.outside("eth0"))
                .hasMessageContaining("uplink=eth0, must be none, host or");
    }

    @Test
    void nameOfTheUplinkFitsTheKernel() {
        assertThat(EgressConfig.byDefault("wisp").uplinkName()).isEqualTo("wisp-up");
        assertThat(EgressConfig.byDefault("a-rather-long-name").uplinkName()).matches("wisp-[0-9a-f]{8}");
    }

    @Test
    void anAccountsOwnEntryReplacesTheOneForAll() {
        List<Cidr> ten = List.of(Cidr.parse("10.0.0.0/8"));
        EgressConfig config = new EgressConfig(
                "wisp",
                "",
                EgressConfig.POOL_DEFAULT,
                List.of(),
                Map.of("*", ten, "a", List.of()),
                1,
                EgressConfig.Limits.DEFAULT);

        assertThat(config.openedTo("b")).isEqualTo(ten);
        assertThat(config.openedTo("a")).isEmpty();
    }

    @Test
    void everyPairOfThePoolIsUsed() {
        assertThat(EgressConfig.byDefault("wisp").pairs()).isEqualTo(32_768);
    }
}
