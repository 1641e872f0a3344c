package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkPolicyTest {

    private static final String NETWORK = "wisp.dev/network";
    private static final String ALLOW = "wisp.dev/egress-allow";

    private static final String FAMILIES = "wisp.dev/ip-families";

    private final Findings findings = new Findings();

    private NetworkSpec network(Map<String, String> annotations) {
        return NetworkPolicy.network(new Annotations(annotations, findings));
    }

    @Test
    void isNoneUnlessAsked() {
        assertThat(network(Map.of())).isEqualTo(NetworkSpec.NONE);
        assertThat(network(Map.of(NETWORK, "none"))).isEqualTo(NetworkSpec.NONE);
        assertThat(findings.errors()).isEmpty();
    }

    @Test
    void egressGoesEverywhereOrWhereTheListSays() {
        assertThat(network(Map.of(NETWORK, "egress"))).isEqualTo(new NetworkSpec(Mode.EGRESS, List.of()));
        assertThat(network(Map.of(NETWORK, "egress", ALLOW, "203.0.113.0/24:443, 10.1.2.3:8000-8100, 198.51.100.0/24")))
                .isEqualTo(new NetworkSpec(
                        Mode.EGRESS,
                        List.of(
                                new Allowed("203.0.113.0/24", 443, 443),
                                new Allowed("10.1.2.3/32", 8000, 8100),
                                new Allowed("198.51.100.0/24", 0, 65_535))));
        assertThat(findings.errors()).isEmpty();
    }

    @Test
    void ipv6IsThereForWhoAsksForIt() {
        Map<String, String> both = Map.of(
                NETWORK, "egress", FAMILIES, "IPv4,IPv6", ALLOW, "[2001:db8::/32]:443, 2001:db8:1::7, 203.0.113.7:80");

        assertThat(network(both))
                .isEqualTo(new NetworkSpec(
                        Mode.EGRESS,
                        List.of(
                                new Allowed("2001:db8::/32", 443, 443),
                                new Allowed("2001:db8:1::7/128", 0, 65_535),
                                new Allowed("203.0.113.7/32", 80, 80)),
                        true));
        assertThat(network(Map.of(NETWORK, "egress", FAMILIES, "IPv4")))
                .isEqualTo(new NetworkSpec(Mode.EGRESS, List.of()));
        assertThat(findings.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "egress | IPv6      | must be IPv4 or IPv4,IPv6",
                "egress | ipv4,ipv6 | must be IPv4 or IPv4,IPv6",
                "none   | IPv4,IPv6 | has no effect without wisp.dev/network: egress"
            })
    void refusesOtherFamilies(String network, String families, String message) {
        network(Map.of(NETWORK, network, FAMILIES, families));

        assertThat(findings.errors().toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "egress | 203.0.113.0/24:https | must be a range with a port",
                "egress | 203.0.113.0/24:70000 | must be 0 <= first <= last <= 65535",
                "egress | 203.0.113.0/24:90-80 | must be 0 <= first <= last <= 65535",
                "egress | 203.0.113.1/24       | its range begins at 203.0.113.0",
                "egress | example.test:443     | is not an address or range",
                "egress | 2001:db8::/32        | needs wisp.dev/ip-families: IPv4,IPv6",
                "egress | [fe80::/10]:443      | no workload gets there",
                "egress | [2001:db8::/32:443   | is not an address or range",
                "egress | 169.254.169.254:80   | no workload gets there",
                "egress | 127.0.0.1:5432       | no workload gets there",
                "none   | 203.0.113.0/24:443   | has no effect without wisp.dev/network: egress",
                "host   | 203.0.113.0/24:443   | must be none or egress"
            })
    void refusesWhatIsNotClear(String network, String allow, String message) {
        network(Map.of(NETWORK, network, ALLOW, allow));

        assertThat(findings.errors().toString()).contains(message);
    }
}
