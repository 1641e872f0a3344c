package dev.wisp.gateway.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Brings the host that a caller named into the one form that routes are kept under. */
public final class HostName {

    /** Longest name that DNS allows. */
    public static final int LENGTH_MAX = 253;

    private static final int PORT_LENGTH_MAX = 6;

    private HostName() {}

    /**
     * Lower case, without port and without the root's trailing dot; null when it is no host at all. Returns the same object when there
     * is nothing to change, because this runs once a request.
     */
    public static @Nullable String normalise(@Nullable String authority) {
        if (authority == null || authority.isEmpty() || authority.length() > LENGTH_MAX + PORT_LENGTH_MAX) {
            return null;
        }
        int end = authority.charAt(0) == '[' ? addressEnd(authority) : nameEnd(authority);
        if (end <= 0 || !isPort(authority, end)) {
            return null;
        }
        int last = authority.charAt(end - 1) == '.' ? end - 1 : end;
        return last == 0 ? null : lowerCase(authority, last);
    }

    private static int nameEnd(String authority) {
        int length = authority.length();
        char before = '.';
        for (int at = 0; at < length; at++) {
            char letter = authority.charAt(at);
            if (letter == ':') {
                return at;
            }
            if (!isNameLetter(letter) || (letter == '.' && before == '.')) {
                return -1;
            }
            before = letter;
        }
        return length;
    }

    private static int addressEnd(String authority) {
        int close = authority.indexOf(']');
        for (int at = 1; at < close; at++) {
            char letter = authority.charAt(at);
            if (letter != ':' && letter != '.' && Character.digit(letter, 16) < 0) {
                return -1;
            }
        }
        return close < 2 ? -1 : close + 1;
    }

    private static boolean isNameLetter(char letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= '0' && letter <= '9')
                || (letter >= 'A' && letter <= 'Z')
                || letter == '-'
                || letter == '.'
                || letter == '_';
    }

    private static boolean isPort(String authority, int from) {
        int length = authority.length();
        if (from == length) {
            return true;
        }
        if (authority.charAt(from) != ':' || length - from > PORT_LENGTH_MAX) {
            return false;
        }
        for (int at = from + 1; at < length; at++) {
            if (authority.charAt(at) < '0' || authority.charAt(at) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String lowerCase(String authority, int end) {
        String name = end == authority.length() ? authority : authority.substring(0, end);
        for (int at = 0; at < end; at++) {
            char letter = name.charAt(at);
            if (letter >= 'A' && letter <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }
}
