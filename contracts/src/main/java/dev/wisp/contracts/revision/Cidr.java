package dev.wisp.contracts.revision;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 or IPv6 addresses.
 *
 * @param address the first
 * @param prefix leading bits that all have in common, 0..32 or 0..128
 */
public record Cidr(InetAddress address, int prefix) {

    private static final Pattern IPV4 =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,3}))?");
    private static final Pattern IPV6 = Pattern.compile("([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

    /** A run of groups that are zero, as RFC 5952 shortens one. */
    private static final Pattern ZEROS = Pattern.compile("(?:(?:^|:)0\\b){2,}:?");

    private static final int SHOWN_MAX = 80;

    public Cidr {
        byte[] bytes = address.getAddress();
        if (prefix < 0 || prefix > bytes.length * 8) {
            throw new IllegalArgumentException("prefix=%d, must be 0..%d".formatted(prefix, bytes.length * 8));
        }
        InetAddress first = from(and(bytes, mask(bytes.length, prefix)));
        if (!first.equals(address)) {
            throw new IllegalArgumentException("'%s/%d' has bits behind its prefix; its range begins at %s"
                    .formatted(text(address), prefix, text(first)));
        }
    }

    /**
     * Reads {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address.
     *
     * @throws IllegalArgumentException saying what is wrong, fit for a user
     */
    public static Cidr parse(String text) {
        Matcher four = IPV4.matcher(text);
        if (four.matches()) {
            return new Cidr(from(octets(text, four)), four.group(5) == null ? 32 : Integer.parseInt(four.group(5)));
        }
        Matcher six = IPV6.matcher(text);
        if (six.matches() && text.length() <= SHOWN_MAX) {
            return new Cidr(groups(six.group(1)), six.group(2) == null ? 128 : Integer.parseInt(six.group(2)));
        }
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX - 3) + "..." : text;
        throw new IllegalArgumentException(
                "'%s' is not an address or range such as 203.0.113.0/24 or 2001:db8::/32".formatted(shown));
    }

    private static byte[] octets(String text, Matcher parts) {
        byte[] octets = new byte[4];
        for (int i = 0; i < octets.length; i++) {
            String part = parts.group(i + 1);
            int octet = Integer.parseInt(part);
            if (octet > 255 || (part.length() > 1 && part.startsWith("0"))) {
                throw new IllegalArgumentException("'%s' is not an IPv4 address: '%s'".formatted(text, part));
            }
            octets[i] = (byte) octet;
        }
        return octets;
    }

    private static InetAddress groups(String text) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' is not an IPv6 address".formatted(text), e);
        }
        if (address instanceof Inet4Address) {
            throw new IllegalArgumentException(
                    "'%s' is an IPv4 address in IPv6's form; write %s".formatted(text, address.getHostAddress()));
        }
        return address;
    }

    private static byte[] mask(int bytes, int prefix) {
        byte[] mask = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            mask[i] = (byte) (0xff00 >> Math.clamp(prefix - 8L * i, 0, 8));
        }
        return mask;
    }

    private static byte[] and(byte[] one, byte[] other) {
        byte[] both = new byte[one.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = (byte) (one[i] & other[i]);
        }
        return both;
    }

    private static InetAddress from(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /** The bits that all addresses of the range share, in network order. */
    public byte[] mask() {
        return mask(address.getAddress().length, prefix);
    }

    /** Whether it is one address. */
    public boolean isOne() {
        return prefix == address.getAddress().length * 8;
    }

    /** Whether all of the other is inside this. */
    public boolean contains(Cidr other) {
        return other.isIpv4() == isIpv4()
                && other.prefix >= prefix
                && from(and(other.address.getAddress(), mask())).equals(address);
    }

    /** The address so many after the first, 0..2^31. */
    public InetAddress at(int offset) {
        byte[] bytes = address.getAddress();
        long carry = offset;
        for (int i = bytes.length - 1; i >= 0 && carry != 0; i--) {
            carry += bytes[i] & 0xff;
            bytes[i] = (byte) carry;
            carry >>>= 8;
        }
        return from(bytes);
    }

    /** How an address is written. */
    public static String text(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet4Address ? text : ZEROS.matcher(text).replaceFirst("::");
    }

    @Override
    public String toString() {
        return text(address) + "/" + prefix;
    }
}
