package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules as text; {@link EgressRulesIT} shows that the kernel reads them so. */
final class EgressRulesTest {

    private static final List<Cidr> NAMESERVERS = List.of(Cidr.parse("203.0.113.53"));
    private static final EgressLeg.Ends ENDS =
            new EgressLeg.Ends("s1", 1001, EgressConfig.POOL_DEFAULT.at(2), EgressConfig.POOL_DEFAULT.at(3));

    @Test
    void routerTakesNothingForItselfAndForwardsWhatAChainAccepts() {
        assertThat(EgressRules.router(2, EgressConfig.POOL_DEFAULT).steps())
                .containsExactly(
                        "begin",
                        "make table",
                        "make map sandboxes",
                        "make chain input, policy drop",
                        "add rule input: ct state established,related accept",
                        "make chain denied",
                        "add rule denied: tcp limit rate 200/second reject with tcp reset",
                        "add rule denied: udp limit rate 200/second reject with icmp admin-prohibited",
                        "add rule denied: drop",
                        "make chain never",
                        "add rule never: ip daddr 0.0.0.0/8 jump denied",
                        "add rule never: ip daddr 127.0.0.0/8 jump denied",
                        "add rule never: ip daddr 169.254.0.0/16 jump denied",
                        "add rule never: ip daddr 224.0.0.0/4 jump denied",
                        "add rule never: ip daddr 240.0.0.0/4 jump denied",
                        "add rule never: ip daddr 198.19.0.0/16 jump denied",
                        "make chain private",
                        "add rule private: ip daddr 10.0.0.0/8 jump denied",
                        "add rule private: ip daddr 172.16.0.0/12 jump denied",
                        "add rule private: ip daddr 192.168.0.0/16 jump denied",
                        "add rule private: ip daddr 100.64.0.0/10 jump denied",
                        "add rule private: ip daddr 192.0.0.0/24 jump denied",
                        "add rule private: ip daddr 198.18.0.0/15 jump denied",
                        "make chain forward, policy drop",
                        "add rule forward: ct state established,related accept",
                        "add rule forward: oif != 2 drop",
                        "add rule forward: iif . ip saddr vmap @sandboxes",
                        "make chain masquerade, policy accept",
                        "add rule masquerade: oif 2 masquerade",
                        "end");
    }

    @Test
    void hostLetsOnlyNamesInAndNothingBackUnasked() {
        assertThat(EgressRules.host("wisp", 7, Cidr.parse("198.19.0.1"), NAMESERVERS)
                        .steps())
                .containsExactly(
                        "begin",
                        "make table",
                        "make chain denied",
                        "add rule denied: tcp limit rate 200/second reject with tcp reset",
                        "add rule denied: udp limit rate 200/second reject with icmp admin-prohibited",
                        "add rule denied: drop",
                        "make chain input, policy accept",
                        "add rule input: iif 7 ip daddr 203.0.113.53/32 udp dport 53 accept",
                        "add rule input: iif 7 ip daddr 203.0.113.53/32 tcp dport 53 accept",
                        "add rule input: iif 7 jump denied",
                        "make chain forward, policy accept",
                        "add rule forward: oif 7 ct state ! established,related drop",
                        "make chain masquerade, policy accept",
                        "add rule masquerade: ip saddr 198.19.0.1/32 masquerade",
                        "end");
    }

    /** First what never opens, then the bound, names, what the node has opened, and the public places last, behind the private ranges. */
    @Test
    void sandboxIsBoundedBeforeItIsLetOut() {
        EgressPlan plan = new EgressPlan(
                List.of(new Allowed("10.9.0.0/16", 5432, 5432)), List.of(new Allowed("0.0.0.0/0", 8000, 8100)), false);

        assertThat(EgressRules.attach(List.of(ENDS), plan, new EgressConfig.Limits(100, 50, 1000), NAMESERVERS)
                        .steps())
                .containsExactly(
                        "begin",
                        "make chain s1",
                        "add rule s1: limit rate over 50/second drop",
                        "add rule s1: jump never",
                        "add rule s1: ct count over 100 drop",
                        "add rule s1: ct mark set 1001",
                        "add rule s1: ip daddr 203.0.113.53/32 udp dport 53 accept",
                        "add rule s1: ip daddr 203.0.113.53/32 tcp dport 53 accept",
                        "add rule s1: ip daddr 10.9.0.0/16 tcp dport 5432 accept",
                        "add rule s1: ip daddr 10.9.0.0/16 udp dport 5432 accept",
                        "add rule s1: jump private",
                        "add rule s1: tcp dport 8000-8100 accept",
                        "add rule s1: udp dport 8000-8100 accept",
                        "add rule s1: jump denied",
                        "add to map sandboxes: s1",
                        "end");
    }

    @Test
    void detachingTakesEverythingBack() {
        assertThat(EgressRules.detach(List.of(ENDS)).steps())
                .containsExactly("begin", "delete from map", "empty chain s1", "delete chain s1", "end");
    }

    @Test
    void ipv6HasRulesOfItsOwn() {
        Cidr pool = EgressConfig.byDefault("wisp").poolIpv6();
        EgressLeg.Ends six = new EgressLeg.Ends("s1", 1001, pool.at(2), pool.at(3));
        EgressPlan plan = new EgressPlan(
                List.of(),
                List.of(new Allowed("203.0.113.0/24", 80, 80), new Allowed("2001:db8::/32", 443, 443)),
                true);

        assertThat(EgressRules.router(2, pool).steps())
                .contains(
                        "add rule denied: udp limit rate 200/second reject with icmpv6 admin-prohibited",
                        "add rule never: ip6 daddr 2002::/16 jump denied",
                        "add rule never: ip6 daddr fd6b:3f1c:90a7::c613:0/112 jump denied",
                        "add rule private: ip6 daddr fc00::/7 jump denied",
                        "add rule forward: iif . ip6 saddr vmap @sandboxes")
                .noneMatch(step -> step.contains("ip daddr"));
        assertThat(EgressRules.attach(List.of(ENDS, six), plan, new EgressConfig.Limits(100, 50, 1000), NAMESERVERS)
                        .steps())
                .containsSubsequence(
                        "add rule s1: ip daddr 203.0.113.0/24 tcp dport 80 accept",
                        "add to map sandboxes: s1",
                        "make chain s1",
                        "add rule s1: ct count over 100 drop",
                        "add rule s1: jump private",
                        "add rule s1: ip6 daddr 2001:db8::/32 tcp dport 443 accept",
                        "add rule s1: ip6 daddr 2001:db8::/32 udp dport 443 accept",
                        "add rule s1: jump denied",
                        "add to map sandboxes: s1",
                        "end");
    }
}
