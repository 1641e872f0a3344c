package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.GREETING_PORT;
import static dev.wisp.node.network.PrivateInternet.HOST;
import static dev.wisp.node.network.PrivateInternet.HOST_IPV6;
import static dev.wisp.node.network.PrivateInternet.OTHER_PORT;
import static dev.wisp.node.network.PrivateInternet.WORLD;
import static dev.wisp.node.network.PrivateInternet.WORLD_6TO4;
import static dev.wisp.node.network.PrivateInternet.WORLD_IPV6;
import static dev.wisp.node.network.PrivateInternet.WORLD_PRIVATE_IPV6;
import static dev.wisp.node.sandbox.EgressFixture.BOTH;
import static dev.wisp.node.sandbox.EgressFixture.NO_ROUTE;
import static dev.wisp.node.sandbox.EgressFixture.PUBLIC;
import static dev.wisp.node.sandbox.EgressFixture.REFUSED;
import static dev.wisp.node.sandbox.EgressFixture.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import dev.wisp.node.network.PrivateInternet;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same by IPv6, for who asks for that. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EgressIpv6IT extends EgressCase {

    private static final String UPLINK_IPV6 = "fd6b:3f1c:90a7::c613:0";

    @Test
    void hasNoIpv6() {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(egress.ask(sandbox, "read /proc/net/if_inet6")).doesNotContain("eth0");
        assertThat(egress.tcp(sandbox, WORLD_IPV6, GREETING_PORT)).isEqualTo(NO_ROUTE);
    }

    @Test
    void reachesTheInternetByIpv6WhenItAsks() {
        Sandbox sandbox = egress.start("a", BOTH);

        assertThat(egress.tcp(sandbox, WORLD_IPV6, GREETING_PORT))
                .isEqualTo("world " + InetAddress.ofLiteral(HOST_IPV6).getHostAddress());
        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo("world " + HOST);
        assertThat(egress.ask(sandbox, "read /proc/net/if_inet6").lines().filter(line -> line.endsWith("eth0")))
                .as("one address, none of the link")
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("fd6b3f1c90a7");
    }

    @Test
    void whatIsRefusedByIpv6IsThere() {
        assertThat(egress.internet().askFromHost(WORLD_PRIVATE_IPV6, GREETING_PORT))
                .startsWith("world");
        assertThat(egress.internet().askFromHost(WORLD_6TO4, GREETING_PORT)).startsWith("world");
        assertThat(egress.internet().askFromWorld(HOST_IPV6, GREETING_PORT)).startsWith("host");
        egress.start("a", BOTH);
        assertThat(egress.internet().askFromHost(UPLINK_IPV6, GREETING_PORT)).startsWith("host");
    }

    @ParameterizedTest
    @CsvSource({
        "a private network,            fd00:9::9",
        "a private network by 6to4,    2002:a09:909::1",
        "a private network as IPv4,    ::ffff:10.9.9.9",
        "the host's address,           2001:db8:1::1",
        "the host on the uplink,       fd6b:3f1c:90a7::c613:0"
    })
    void isRefusedAtOnceByIpv6(String what, String address) {
        Sandbox sandbox = egress.start("a", BOTH);

        assertThat(egress.tcp(sandbox, address, GREETING_PORT)).as(what).isEqualTo(REFUSED);
    }

    @Test
    void routerSaysNothingOfItselfByIpv6() {
        assertThat(egress.tcp(egress.start("a", BOTH), "fd6b:3f1c:90a7::c613:1", GREETING_PORT))
                .isEqualTo(TIMED_OUT);
    }

    @Test
    void isKeptFromOtherSandboxesByIpv6() {
        Sandbox one = egress.start("a", BOTH);
        Sandbox other = egress.start("a", new NetworkSpec(Mode.EGRESS, List.of(new Allowed("::/0", 0, 65_535)), true));
        String digits = egress.ask(one, "read /proc/net/if_inet6")
                .lines()
                .filter(line -> line.endsWith("eth0"))
                .map(line -> line.substring(0, 32))
                .findFirst()
                .orElseThrow();

        assertThat(egress.tcp(other, digits.replaceAll("(.{4})(?=.)", "$1:"), SandboxFixture.PORT))
                .isEqualTo(TIMED_OUT);
    }

    @Test
    void allowListOpensWhatItNamesByIpv6() {
        NetworkSpec one =
                new NetworkSpec(Mode.EGRESS, List.of(new Allowed("2001:db8::/32", GREETING_PORT, GREETING_PORT)), true);
        Sandbox sandbox = egress.start("a", one);

        assertThat(egress.tcp(sandbox, WORLD_IPV6, GREETING_PORT)).startsWith("world");
        assertThat(egress.tcp(sandbox, WORLD_IPV6, OTHER_PORT)).isEqualTo(REFUSED);
        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void hostThatDoesNotForwardIpv6IsToldSoByWhoAsksForIt() {
        String prefix = SandboxFixture.prefix("four");
        try (PrivateInternet other = new PrivateInternet();
                LinuxSandboxRuntime four = EgressFixture.runtime(egress.layers(), prefix, other.outside())) {
            other.forwardIpv6(false);

            assertThatThrownBy(() -> four.start(egress.spec("a", BOTH)))
                    .hasMessageContaining("run sysctl -w net.ipv6.conf.all.forwarding=1");

            assertThat(egress.tcp(four.start(egress.spec("a", PUBLIC)), WORLD, GREETING_PORT))
                    .startsWith("world");
            other.forwardIpv6(true);
            assertThat(egress.tcp(four.start(egress.spec("a", BOTH)), WORLD_IPV6, GREETING_PORT))
                    .startsWith("world");
        }
    }
}
