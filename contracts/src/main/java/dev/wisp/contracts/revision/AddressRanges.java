package dev.wisp.contracts.revision;

import java.util.List;
import java.util.stream.Stream;

/** What the internet's registry sets apart of the addresses, as far as it matters to who may call whom (RFC 6890; for IPv6 only 2000::/3 is given out, RFC 4291). */
public final class AddressRanges {

    /**
     * No workload ever gets there: this host, link-local (cloud metadata among it), multicast, reserved; of IPv6 also what has an IPv4 address in it and leads there (Teredo, 6to4 and, in
     * {@code ::/3}, what translators take).
     */
    public static final List<Cidr> NEVER = ranges(
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/3",
            "2001::/32",
            "2002::/16",
            "4000::/2",
            "8000::/2",
            "c000::/3",
            "e000::/4",
            "f000::/5",
            "f800::/6",
            "fe00::/7");

    /** Networks of whoever runs the node: closed unless the node opens them. */
    public static final List<Cidr> PRIVATE = ranges(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "198.18.0.0/15",
            "fc00::/7");

    private AddressRanges() {}

    private static List<Cidr> ranges(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }

    public static boolean isIn(List<Cidr> ranges, Cidr inner) {
        return ranges.stream().anyMatch(range -> range.contains(inner));
    }
}
