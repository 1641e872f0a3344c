package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kernel made of the messages, as {@code nft}, a reader that is not ours, shows it. */
final class EgressRulesIT {

    private static final EgressLeg.Ends ENDS =
            new EgressLeg.Ends("s1", 1001, EgressConfig.POOL_DEFAULT.at(2), EgressConfig.POOL_DEFAULT.at(3));

    @Test
    void kernelReadsTheRulesAsTheyWereMeant() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/sbin/nft")))
                .as("nft is not installed")
                .isTrue();
        Descriptors descriptors = new Descriptors(Kernel.load());
        Sockets sockets = new Sockets(Kernel.load());
        try (PrivateInternet internet = new PrivateInternet();
                NamespaceSockets namespaces = new NamespaceSockets(descriptors, new Processes(Kernel.load()), sockets);
                Router router = Router.open(
                        descriptors,
                        sockets,
                        namespaces,
                        config(internet.outside()),
                        config("").nameservers())) {
            EgressPlan plan = new EgressPlan(
                    List.of(new Allowed("10.9.0.0/16", 5432, 5432)),
                    List.of(new Allowed("203.0.113.0/24", 80, 90)),
                    false);
            router.filter()
                    .send(EgressRules.attach(
                            List.of(ENDS), plan, config("").limits(), config("").nameservers()));

            String inRouter = ruleset("/proc/" + ProcessHandle.current().pid() + "/fd/" + router.namespace());

            assertThat(inRouter)
                    .contains("flags owner", "type iface_index . ipv4_addr : verdict")
                    .contains("type filter hook forward priority filter; policy drop;")
                    .contains(
                            "limit rate 200/second burst 200 packets reject with tcp reset",
                            "limit rate 200/second burst 200 packets reject with icmp admin-prohibited")
                    .contains("iif . ip saddr vmap @sandboxes", "ip daddr 169.254.0.0/16 jump denied", "masquerade")
                    .contains("""
                                    limit rate over 500/second burst 500 packets drop
                                    jump never
                                    ct count over 1024 drop
                                    ct mark set 0x000003e9
                                    ip daddr 203.0.113.53 udp dport 53 accept
                                    ip daddr 203.0.113.53 tcp dport 53 accept
                                    ip daddr 10.9.0.0/16 tcp dport 5432 accept
                                    ip daddr 10.9.0.0/16 udp dport 5432 accept
                                    jump private
                                    ip daddr 203.0.113.0/24 tcp dport 80-90 accept
                                    ip daddr 203.0.113.0/24 udp dport 80-90 accept
                                    jump denied
                            """.replaceAll("(?m)^\\s+", ""));
            assertThat(ruleset(internet.outside()))
                    .contains("ip saddr 198.19.0.1 masquerade", "ct state ! established,related drop");
        }
    }

    @Test
    void kernelReadsTheRulesOfIpv6AsTheyWereMeant() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/sbin/nft")))
                .as("nft is not installed")
                .isTrue();
        Descriptors descriptors = new Descriptors(Kernel.load());
        Sockets sockets = new Sockets(Kernel.load());
        try (PrivateInternet internet = new PrivateInternet();
                NamespaceSockets namespaces = new NamespaceSockets(descriptors, new Processes(Kernel.load()), sockets);
                Router router = Router.open(
                        descriptors,
                        sockets,
                        namespaces,
                        config(internet.outside()),
                        config("").nameservers())) {
            EgressConfig config = config(internet.outside());
            Ipv6Way.open(descriptors, sockets, namespaces, config, router);
            EgressLeg.Ends six = new EgressLeg.Ends(
                    "s1", 1001, config.poolIpv6().at(2), config.poolIpv6().at(3));
            EgressPlan plan = new EgressPlan(List.of(), List.of(new Allowed("2001:db8::/32", 80, 90)), true);
            router.filter().send(EgressRules.attach(List.of(ENDS, six), plan, config.limits(), config.nameservers()));

            String inRouter = ruleset("/proc/" + ProcessHandle.current().pid() + "/fd/" + router.namespace());

            assertThat(inRouter.substring(inRouter.indexOf("table ip6 wisp")))
                    .contains("flags owner", "type iface_index . ipv6_addr : verdict")
                    .contains("type filter hook forward priority filter; policy drop;")
                    .contains("limit rate 200/second burst 200 packets reject with icmpv6 admin-prohibited")
                    .contains("iif . ip6 saddr vmap @sandboxes", "ip6 daddr 2002::/16 jump denied", "masquerade")
                    .contains("1001 . fd6b:3f1c:90a7::c613:3 : jump s1")
                    .contains("""
                                    limit rate over 500/second burst 500 packets drop
                                    jump never
                                    ct count over 1024 drop
                                    ct mark set 0x000003e9
                                    jump private
                                    ip6 daddr 2001:db8::/32 tcp dport 80-90 accept
                                    ip6 daddr 2001:db8::/32 udp dport 80-90 accept
                                    jump denied
                            """.replaceAll("(?m)^\\s+", ""));
            assertThat(ruleset(internet.outside())).contains("ip6 saddr fd6b:3f1c:90a7::c613:1 masquerade");
        }
    }

    private static EgressConfig config(String outside) {
        return new EgressConfig(
                "rules",
                outside,
                EgressConfig.POOL_DEFAULT,
                List.of(Cidr.parse("203.0.113.53")),
                Map.of(),
                0,
                EgressConfig.Limits.DEFAULT);
    }

    private static String ruleset(String namespace) throws IOException, InterruptedException {
        Process nft = new ProcessBuilder("nsenter", "--net=" + namespace, "nft", "list", "ruleset")
                .redirectErrorStream(true)
                .start();
        String text = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nft.waitFor()).as(text).isZero();
        return text.replaceAll("(?m)^\\s+", "");
    }
}
