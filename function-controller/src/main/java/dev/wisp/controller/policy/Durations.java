package dev.wisp.controller.policy;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as Knative's annotations write them: {@code 0}, {@code 500ms}, {@code 1m30s}, {@code 2h}. */
final class Durations {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})(h|ms|m|s)");
    private static final Pattern WHOLE = Pattern.compile("0|(?:\\d{1,9}(?:h|ms|m|s)){1,4}");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private Durations() {}

    /** Milliseconds; empty when it is no duration. */
    static OptionalLong millis(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        long sum = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            sum += Long.parseLong(part.group(1)) * MILLIS.getOrDefault(part.group(2), 1L);
        }
        return OptionalLong.of(sum);
    }
}
