package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionTablePolicyTest {

    private static EgressConfig.Limits limits(int connectionsMax) {
        return new EgressConfig.Limits(connectionsMax, 500, 25_000_000);
    }

    @ParameterizedTest
    @CsvSource({"256, 1024, 262144", "1, 1, 1", "1000, 1024, 0"})
    void saysNothingWhenAllFitOrTheTableIsNotKnown(int sandboxes, int connections, long table) {
        assertThat(ConnectionTablePolicy.notice(sandboxes, limits(connections), table))
                .isEmpty();
    }

    @Test
    void saysWhatToSetWhenTheyDoNot() {
        assertThat(ConnectionTablePolicy.notice(1000, limits(1024), 262_144))
                .isEqualTo("1000 sandboxes with 1024 connections each are more than the kernel tracks"
                        + " (nf_conntrack_max=262144): 257 of them can keep all others and the host from connecting;"
                        + " set wisp.node.network.connections-max=262, or net.netfilter.nf_conntrack_max=1024000 or"
                        + " more");
    }

    @Test
    void whatItAdvisesIsEnough() {
        assertThat(ConnectionTablePolicy.notice(1000, limits(262), 262_144)).isEmpty();
        assertThat(ConnectionTablePolicy.notice(1000, limits(263), 262_144)).isNotEmpty();
        assertThat(ConnectionTablePolicy.notice(1000, limits(1024), 1_024_000)).isEmpty();
    }

    @Test
    void productsBeyondAnIntAreSeen() {
        assertThat(ConnectionTablePolicy.notice(16_384, limits(1 << 20), Integer.MAX_VALUE))
                .isNotEmpty();
    }
}
