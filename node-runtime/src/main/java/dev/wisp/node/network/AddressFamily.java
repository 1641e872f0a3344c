package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * IPv4 or IPv6, as the kernel's messages tell them apart.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8200#section-3">RFC 8200, the header of IPv6</a>
 */
enum AddressFamily {
    IPV4(2, 4, 12, 7, 13, "ip"),
    IPV6(10, 16, 8, 8, 1, "ip6");

    /** The kernel's number, also for tables of the packet filter. */
    final int number;

    /** Bytes of an address. */
    final int bytes;

    /** Where in the header the source address begins; the destination follows it. */
    final int sourceAt;

    /** Number of the addresses' type in {@code nft}; means nothing to the kernel. */
    final int filterType;

    /** Code of "administratively prohibited" in ICMP or ICMPv6. */
    final int prohibited;

    /** How {@code nft} writes it. */
    final String text;

    AddressFamily(int number, int bytes, int sourceAt, int filterType, int prohibited, String text) {
        this.number = number;
        this.bytes = bytes;
        this.sourceAt = sourceAt;
        this.filterType = filterType;
        this.prohibited = prohibited;
        this.text = text;
    }

    static AddressFamily of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    boolean has(Cidr range) {
        return of(range.address()) == this;
    }

    /** Leading bits that both ends of a pair share (RFC 3021, RFC 6164). */
    int pairPrefix() {
        return bytes * 8 - 1;
    }
}
