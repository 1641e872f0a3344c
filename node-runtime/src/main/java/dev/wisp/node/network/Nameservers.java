package dev.wisp.node.network;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Name servers, as {@code resolv.conf} lists them. */
final class Nameservers {

    /** What a resolver of the C library looks at. */
    private static final int SERVERS_MAX = 3;

    private static final String KEY = "nameserver";

    private Nameservers() {}

    /** Those of the host that a sandbox can reach: IPv4, and neither on loopback nor link-local, where it never gets. */
    static List<Cidr> reachable(String resolvConf) {
        return resolvConf
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(KEY))
                .map(line -> line.substring(KEY.length()).strip())
                .flatMap(address -> parse(address).stream())
                .filter(Cidr::isIpv4)
                .filter(address -> !AddressRanges.isIn(AddressRanges.NEVER, address))
                .limit(SERVERS_MAX)
                .toList();
    }

    private static Optional<Cidr> parse(String address) {
        try {
            return Optional.of(Cidr.parse(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String resolvConf(List<Cidr> servers) {
        StringBuilder text = new StringBuilder();
        Stream.concat(
                        servers.stream().map(server -> KEY + " " + Cidr.text(server.address())),
                        Stream.of("options timeout:2"))
                .forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
