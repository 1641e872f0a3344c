package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.GREETING_PORT;
import static dev.wisp.node.network.PrivateInternet.HOST;
import static dev.wisp.node.network.PrivateInternet.OTHER_PORT;
import static dev.wisp.node.network.PrivateInternet.WORLD;
import static dev.wisp.node.network.PrivateInternet.WORLD_METADATA;
import static dev.wisp.node.network.PrivateInternet.WORLD_PRIVATE;
import static dev.wisp.node.sandbox.EgressFixture.NO_ROUTE;
import static dev.wisp.node.sandbox.EgressFixture.OPENED_ACCOUNT;
import static dev.wisp.node.sandbox.EgressFixture.PUBLIC;
import static dev.wisp.node.sandbox.EgressFixture.REFUSED;
import static dev.wisp.node.sandbox.EgressFixture.TIMED_OUT;
import static dev.wisp.node.sandbox.EgressFixture.allowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a sandbox with egress gets to and where it does not. Every refusal has a control that gets there another way. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EgressIT extends EgressCase {

    @Test
    void reachesTheInternetAndIsSeenAsTheHost() {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo("world " + HOST);
    }

    @Test
    void hasNothingWithoutAsking() {
        Sandbox sandbox = egress.start("a", NetworkSpec.NONE);

        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(NO_ROUTE);
        assertThat(egress.ask(sandbox, "read /proc/net/dev")).doesNotContain("eth0");
    }

    @Test
    void whatIsRefusedBelowIsThere() {
        assertThat(egress.internet().askFromHost(WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(egress.internet().askFromHost(WORLD_METADATA, GREETING_PORT)).startsWith("world");
        assertThat(egress.internet().askFromWorld(HOST, GREETING_PORT)).startsWith("host");
        egress.start("a", PUBLIC);
        assertThat(egress.internet().askFromHost("198.19.0.0", GREETING_PORT)).startsWith("host");
    }

    @ParameterizedTest
    @CsvSource({
        "a private network,      10.9.9.9",
        "link-local metadata,    169.254.169.254",
        "the host's address,     203.0.113.1",
        "the host on the uplink, 198.19.0.0"
    })
    void isRefusedAtOnce(String what, String address) {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(egress.tcp(sandbox, address, GREETING_PORT)).as(what).isEqualTo(REFUSED);
    }

    @Test
    void routerSaysNothingOfItself() {
        Sandbox sandbox = egress.start("a", PUBLIC);

        assertThat(egress.tcp(sandbox, "198.19.0.1", GREETING_PORT)).isEqualTo(TIMED_OUT);
    }

    @Test
    void isKeptFromOtherSandboxes() {
        Sandbox one = egress.start("a", PUBLIC);
        Sandbox other = egress.start("a", new NetworkSpec(Mode.EGRESS, List.of(new Allowed("0.0.0.0/0", 0, 65_535))));
        String address = egress.ask(one, "read /proc/net/fib_trie")
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("\\|-- 198\\.19\\.\\d+\\.\\d*[13579]"))
                .map(line -> line.substring(4))
                .findFirst()
                .orElseThrow();

        assertThat(egress.ask(one, "read /proc/net/tcp"))
                .as("listens on all addresses")
                .contains("00000000:1F90");
        assertThat(egress.tcp(other, address, SandboxFixture.PORT)).isEqualTo(TIMED_OUT);
    }

    @Test
    void allowListOpensWhatItNames() {
        Sandbox sandbox = egress.start("a", allowing("203.0.113.0/24", GREETING_PORT));

        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).startsWith("world");
        assertThat(egress.tcp(sandbox, WORLD, OTHER_PORT)).isEqualTo(REFUSED);
        assertThat(egress.tcp(sandbox, HOST, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void nodeOpensPrivateRangesToAnAccount() {
        Sandbox sandbox = egress.start(OPENED_ACCOUNT, allowing("10.9.9.9", GREETING_PORT));

        assertThat(egress.tcp(sandbox, WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
        assertThatThrownBy(() -> egress.start("a", allowing("10.9.9.9", GREETING_PORT)))
                .hasMessageContaining("E1205")
                .hasMessageContaining("10.9.9.9/32:7001 is a private range, and this node opens none to the account");
    }

    @Test
    void namesResolve() {
        Sandbox sandbox = egress.start("a", allowing("203.0.113.77", 443));

        assertThat(egress.ask(sandbox, "read /etc/resolv.conf")).contains("nameserver " + WORLD);
        assertThat(egress.ask(sandbox, "resolve shop.example.test")).isEqualTo(WORLD);
    }
}
