package dev.wisp.contracts.oci;

import java.util.Optional;

/**
 * Where a registry may send its client. A registry names hosts in redirects and in the realm of its token service; without a rule it
 * could make this host fetch from places that only this host reaches. Plain HTTP is only ever spoken to the registry itself. TLS to
 * another host is allowed when that host is no closer to us than the registry is; that a name resolves otherwise a moment later gains
 * nothing, since the certificate must still fit.
 */
final class EgressPolicy {

    /** How close to this host an address is, closest first. */
    enum Reach {
        LOCAL,
        PRIVATE,
        PUBLIC
    }

    /** Scheme, host and port of a URL, the port never absent. */
    record Origin(String scheme, String host, int port) {}

    private EgressPolicy() {}

    /** Why the registry may not send us there; empty when it may. */
    static Optional<String> refusal(Origin registry, Reach registryReach, Origin target, Reach targetReach) {
        if (target.equals(registry)) {
            return Optional.empty();
        }
        if (!target.scheme().equals("https")) {
            return Optional.of("only https leads away from the registry");
        }
        if (targetReach == Reach.LOCAL) {
            return Optional.of("its address is local to this host");
        }
        if (targetReach == Reach.PRIVATE && registryReach == Reach.PUBLIC) {
            return Optional.of("its address is private and the registry's is public");
        }
        return Optional.empty();
    }

    /** Class of an IPv4 or IPv6 address in network byte order. */
    static Reach reach(byte[] address) {
        return address.length == 4 ? reachOfIpv4(address, 0) : reachOfIpv6(address);
    }

    private static Reach reachOfIpv4(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        if (first == 0 || first == 127 || first >= 224 || (first == 169 && second == 254)) {
            return Reach.LOCAL;
        }
        boolean siteLocal = first == 10 || (first == 172 && (second & 0xf0) == 16) || (first == 192 && second == 168);
        boolean carrier = first == 100 && (second & 0xc0) == 64;
        boolean special =
                (first == 198 && (second & 0xfe) == 18) || (first == 192 && second == 0 && bytes[at + 2] == 0);
        return siteLocal || carrier || special ? Reach.PRIVATE : Reach.PUBLIC;
    }

    private static Reach reachOfIpv6(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (isZero(bytes, 12) || isZero(bytes, 10)) {
            // ::, ::1, and IPv4 written inside IPv6.
            return isZero(bytes, 12) && bytes[12] == 0 ? Reach.LOCAL : reachOfIpv4(bytes, 12);
        }
        if (first == 0xff || (first == 0xfe && (second & 0xc0) == 0x80)) {
            return Reach.LOCAL;
        }
        if (first == 0 && second == 0x64) {
            // 64:ff9b::/96, the IPv4 internet seen through a translator.
            return reachOfIpv4(bytes, 12);
        }
        boolean uniqueLocal = (first & 0xfe) == 0xfc || (first == 0xfe && (second & 0xc0) == 0xc0);
        return uniqueLocal ? Reach.PRIVATE : Reach.PUBLIC;
    }

    private static boolean isZero(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
