package dev.wisp.contracts.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.oci.EgressPolicy.Origin;
import dev.wisp.contracts.oci.EgressPolicy.Reach;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EgressPolicyTest {

    private static final Origin REGISTRY = new Origin("https", "registry.example", 443);

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOCAL",
        "127.255.0.9, LOCAL",
        "0.0.0.0, LOCAL",
        "169.254.169.254, LOCAL",
        "224.0.0.1, LOCAL",
        "255.255.255.255, LOCAL",
        "10.1.2.3, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.1, PUBLIC",
        "192.168.1.1, PRIVATE",
        "192.0.0.8, PRIVATE",
        "192.0.2.1, PUBLIC",
        "100.64.0.1, PRIVATE",
        "100.128.0.1, PUBLIC",
        "198.18.0.1, PRIVATE",
        "8.8.8.8, PUBLIC",
        "::, LOCAL",
        "::1, LOCAL",
        "::ffff:127.0.0.1, LOCAL",
        "::ffff:8.8.8.8, PUBLIC",
        "::127.0.0.1, LOCAL",
        "::10.0.0.1, PRIVATE",
        "fe80::1, LOCAL",
        "febf::1, LOCAL",
        "fec0::1, PRIVATE",
        "ff02::1, LOCAL",
        "fc00::1, PRIVATE",
        "fd12:3456::1, PRIVATE",
        "64:ff9b::7f00:1, LOCAL",
        "64:ff9b::808:808, PUBLIC",
        "2001:db8::1, PUBLIC",
        "2130706433, LOCAL",
    })
    void knowsHowCloseAnAddressIs(String address, Reach reach) throws UnknownHostException {
        assertThat(EgressPolicy.reach(InetAddress.getByName(address).getAddress()))
                .isEqualTo(reach);
    }

    /** A registry, where it sends us, and whether we go. */
    record Case(Origin registry, Reach registryReach, Origin target, Reach targetReach, boolean allowed) {}

    static Stream<Case> ways() {
        Origin elsewhere = new Origin("https", "storage.example", 443);
        Origin plain = new Origin("http", "storage.example", 80);
        Origin local = new Origin("http", "127.0.0.1", 5000);
        return Stream.of(
                new Case(REGISTRY, Reach.PUBLIC, REGISTRY, Reach.PUBLIC, true),
                new Case(REGISTRY, Reach.PUBLIC, elsewhere, Reach.PUBLIC, true),
                new Case(REGISTRY, Reach.PUBLIC, elsewhere, Reach.PRIVATE, false),
                new Case(REGISTRY, Reach.PUBLIC, elsewhere, Reach.LOCAL, false),
                new Case(REGISTRY, Reach.PRIVATE, elsewhere, Reach.PRIVATE, true),
                new Case(REGISTRY, Reach.PRIVATE, elsewhere, Reach.LOCAL, false),
                new Case(REGISTRY, Reach.PUBLIC, plain, Reach.PUBLIC, false),
                new Case(REGISTRY, Reach.PUBLIC, new Origin("http", "registry.example", 80), Reach.PUBLIC, false),
                new Case(REGISTRY, Reach.PUBLIC, new Origin("file", "registry.example", 80), Reach.PUBLIC, false),
                new Case(local, Reach.LOCAL, local, Reach.LOCAL, true),
                new Case(local, Reach.LOCAL, new Origin("http", "127.0.0.1", 22), Reach.LOCAL, false),
                new Case(local, Reach.LOCAL, elsewhere, Reach.PUBLIC, true));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void decidesWhereARegistryMaySendUs(Case way) {
        assertThat(EgressPolicy.refusal(way.registry(), way.registryReach(), way.target(), way.targetReach())
                        .isEmpty())
                .isEqualTo(way.allowed());
    }
}
