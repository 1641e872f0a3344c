package dev.wisp.contracts.revision;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses.
 *
 * @param address the first, as a number in network order
 * @param prefix leading bits that all have in common, 0..32
 */
public record Cidr(int address, int prefix) {

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    public Cidr {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("prefix=%d, must be 0..32".formatted(prefix));
        }
        if ((address & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException("'%s/%d' has bits behind its prefix; its range begins at %s"
                    .formatted(dotted(address), prefix, dotted(address & mask(prefix))));
        }
    }

    /**
     * Reads {@code 203.0.113.0/24}, or one address.
     *
     * @throws IllegalArgumentException saying what is wrong, fit for a user
     */
    public static Cidr parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            String shown = text.length() > 80 ? text.substring(0, 77) + "..." : text;
            throw new IllegalArgumentException(
                    "'%s' is not an IPv4 address or range such as 203.0.113.0/24".formatted(shown));
        }
        int address = 0;
        for (int i = 1; i <= 4; i++) {
            String part = parts.group(i);
            int octet = Integer.parseInt(part);
            if (octet > 255 || (part.length() > 1 && part.startsWith("0"))) {
                throw new IllegalArgumentException("'%s' is not an IPv4 address: '%s'".formatted(text, part));
            }
            address = (address << 8) | octet;
        }
        return new Cidr(address, parts.group(5) == null ? 32 : Integer.parseInt(parts.group(5)));
    }

    /** The bits that all addresses of the range share. */
    public int mask() {
        return mask(prefix);
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    /** Whether all of the other is inside this. */
    public boolean contains(Cidr other) {
        return other.prefix >= prefix && (other.address & mask()) == address;
    }

    /** The address so many after the first. */
    public int at(int offset) {
        return address + offset;
    }

    /** How addresses are written. */
    public static String dotted(int address) {
        return "%d.%d.%d.%d".formatted(address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff);
    }

    @Override
    public String toString() {
        return dotted(address) + "/" + prefix;
    }
}
