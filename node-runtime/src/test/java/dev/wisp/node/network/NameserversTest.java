package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NameserversTest {

    @Test
    void takesThoseASandboxCanReachAndNoMoreThanThree() {
        assertThat(Nameservers.reachable("""
                # comment
                search example.test
                nameserver 127.0.0.53
                nameserver 169.254.169.253
                nameserver 2001:db8::1
                nameserver not-an-address
                nameserver 10.0.0.2
                nameserver\t203.0.113.2
                nameserver 203.0.113.3
                nameserver 203.0.113.4
                """))
                .isEqualTo(List.of(Cidr.parse("10.0.0.2"), Cidr.parse("203.0.113.2"), Cidr.parse("203.0.113.3")));
    }

    @Test
    void writesThemAsTheLibraryReadsThem() {
        assertThat(Nameservers.resolvConf(List.of(Cidr.parse("10.0.0.2"))))
                .isEqualTo("nameserver 10.0.0.2\noptions timeout:2\n");
    }
}
