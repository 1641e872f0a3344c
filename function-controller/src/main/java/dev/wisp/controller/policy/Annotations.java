package dev.wisp.controller.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template's annotations one by one, remembering which were read, so that those nobody understood can be refused. */
final class Annotations {

    static final String POINTER = "/spec/template/metadata/annotations";

    /** Prefixes whose annotations change how a revision runs; any other annotation is the user's own. */
    private static final List<String> MEANT = List.of(
            "autoscaling.knative.dev/", "wisp.dev/", "features.knative.dev/", "queue.sidecar.serving.knative.dev/");

    private static final Set<String> REFUSED =
            Set.of("serving.knative.dev/rollout-duration", "serving.knative.dev/progress-deadline");

    private final Map<String, String> values;
    private final Map<String, String> defaults;
    private final Findings findings;
    private final Set<String> read = new HashSet<>();

    Annotations(Map<String, String> values, Findings findings) {
        this(values, Map.of(), findings);
    }

    /** {@code defaults} are the operator's, for keys that the template has in neither spelling. */
    Annotations(Map<String, String> values, Map<String, String> defaults, Findings findings) {
        this.values = values;
        this.defaults = defaults;
        this.findings = findings;
    }

    /** The value of a key, also under its camelCase alias ({@code minScale} for {@code min-scale}); null when absent. */
    @Nullable
    String text(String key) {
        String alias = alias(key);
        read.add(key);
        read.add(alias);
        String value = values.get(key);
        String other = values.get(alias);
        if (value != null && other != null && !alias.equals(key) && !value.equals(other)) {
            refuse(alias, "says otherwise than " + key);
        }
        if (value == null && other == null) {
            return defaults.getOrDefault(key, defaults.get(alias));
        }
        return value == null ? other : value;
    }

    int integer(String key, int byDefault, int min, int max) {
        String text = text(key);
        if (text == null) {
            return byDefault;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        refuse(key, "'%s' must be a whole number in %d..%d".formatted(ServicePolicy.shortened(text), min, max));
        return byDefault;
    }

    double decimal(String key, double byDefault, double min, double max) {
        String text = text(key);
        if (text == null) {
            return byDefault;
        }
        try {
            double value = text.length() > 32 ? Double.NaN : Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        refuse(key, "'%s' must be a number in %s..%s".formatted(ServicePolicy.shortened(text), plain(min), plain(max)));
        return byDefault;
    }

    long millis(String key, long byDefault, long min, long max) {
        String text = text(key);
        if (text == null) {
            return byDefault;
        }
        OptionalLong value = Durations.millis(text);
        if (value.isPresent() && value.getAsLong() >= min && value.getAsLong() <= max) {
            return value.getAsLong();
        }
        refuse(
                key,
                "'%s' must be a duration such as 500ms, 30s or 10m, in %dms..%dms"
                        .formatted(ServicePolicy.shortened(text), min, max));
        return byDefault;
    }

    /** A duration of whole seconds. */
    int seconds(String key, int byDefault, int min, int max) {
        long millis = millis(key, byDefault * 1_000L, min * 1_000L, max * 1_000L);
        if (millis % 1_000 != 0) {
            refuse(key, "must be whole seconds");
            return byDefault;
        }
        return (int) (millis / 1_000);
    }

    void refuse(String key, String why) {
        String alias = alias(key);
        String written = !values.containsKey(key) && values.containsKey(alias) ? alias : key;
        findings.add(Findings.step(POINTER, written), why);
    }

    boolean isMeant(String key) {
        return REFUSED.contains(key) || MEANT.stream().anyMatch(key::startsWith);
    }

    void refuseUnread() {
        for (String key : values.keySet()) {
            if (isMeant(key) && !read.contains(key)) {
                findings.add(Findings.step(POINTER, key), "is not supported by Wisp; remove it");
            }
        }
    }

    private static String alias(String key) {
        StringBuilder alias = new StringBuilder();
        boolean raise = false;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '-') {
                raise = true;
            } else {
                alias.append(raise ? Character.toUpperCase(c) : c);
                raise = false;
            }
        }
        return alias.toString();
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
