package dev.wisp.billing.label;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code name=value,name=value}, as Kubernetes' clients write it; values are compared whole. */
public final class LabelSelector {

    /** Terms of one selector. */
    public static final int TERMS_MAX = 5;

    public static final String RULE = "must be at most %d terms of the form name=value".formatted(TERMS_MAX);

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

    private LabelSelector() {}

    /** Whether it can be the name of a label. */
    public static boolean isName(String text) {
        return text.length() <= 317 && NAME.matcher(text).matches();
    }

    /** What has to be equal, empty when nothing has; null when the text is no selector. */
    public static @Nullable Map<String, String> parse(@Nullable String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text == null || text.isEmpty()) {
            return labels;
        }
        for (String term : text.split(",", TERMS_MAX + 1)) {
            String[] sides = term.strip().split("=", 2);
            if (labels.size() == TERMS_MAX
                    || sides.length != 2
                    || !isName(sides[0])
                    || !VALUE.matcher(sides[1]).matches()) {
                return null;
            }
            labels.put(sides[0], sides[1]);
        }
        return labels;
    }

    /** The same as text. */
    public static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(java.util.stream.Collectors.joining(","));
    }
}
