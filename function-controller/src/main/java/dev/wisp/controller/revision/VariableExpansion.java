package dev.wisp.controller.revision;

import java.util.LinkedHashMap;
import java.util.Map;

/** Kubernetes' {@code $(NAME)} in commands, arguments and values; {@code $$(NAME)} stays as {@code $(NAME)}. */
final class VariableExpansion {

    /** Bounds what doubling variables can grow to. */
    private static final int CHARS_MAX = 120_000;

    private VariableExpansion() {}

    /** Each value may name the variables before it. */
    static Map<String, String> expand(Map<String, String> environment) {
        Map<String, String> expanded = new LinkedHashMap<>();
        environment.forEach((name, value) -> expanded.put(name, expand(value, expanded)));
        return expanded;
    }

    /** Names that are not set stay as they are written; so does everything that would grow past the bound. */
    static String expand(String text, Map<String, String> environment) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0 || dollar + 1 >= text.length()) {
                break;
            }
            out.append(text, at, dollar);
            at = expandOne(text, dollar, environment, out);
        }
        out.append(text, Math.min(at, text.length()), text.length());
        return out.length() > CHARS_MAX ? text : out.toString();
    }

    private static int expandOne(String text, int dollar, Map<String, String> environment, StringBuilder out) {
        char next = text.charAt(dollar + 1);
        if (next == '$') {
            out.append('$');
            return dollar + 2;
        }
        int close = next == '(' ? text.indexOf(')', dollar) : -1;
        String value = close < 0 ? null : environment.get(text.substring(dollar + 2, close));
        if (value == null) {
            out.append('$');
            return dollar + 1;
        }
        out.append(value);
        return close + 1;
    }
}
