package dev.wisp.gateway.proxy;

import org.jspecify.annotations.Nullable;

/** The parts of a request line's target in absolute form, as a client sends it to what it takes for a proxy. */
record RequestTarget(String authority, String origin) {

    private static final String SEPARATOR = "://";

    /** Null when the target is in origin form ({@code /path}) or asterisk form, which need no taking apart. */
    static @Nullable RequestTarget ofAbsolute(String uri) {
        if (uri.isEmpty() || uri.charAt(0) == '/' || uri.equals("*")) {
            return null;
        }
        int separator = uri.indexOf(SEPARATOR);
        String scheme = separator < 0 ? "" : uri.substring(0, separator);
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            return new RequestTarget("", "/");
        }
        int start = separator + SEPARATOR.length();
        int end = start;
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
            end++;
        }
        String rest = uri.substring(end);
        return new RequestTarget(uri.substring(start, end), rest.startsWith("/") ? rest : "/" + rest);
    }
}
