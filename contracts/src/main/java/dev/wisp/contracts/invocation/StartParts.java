package dev.wisp.contracts.invocation;

import dev.wisp.contracts.dataplane.StartTiming;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of the start went that an invocation caused or waited for, as its record holds it: {@code schedule=61,claim=12,listen=410},
 * names and whole microseconds in order. Bounds are those of {@link StartTiming}, so that the text is at most
 * {@value #TEXT_MAX} characters. The parts are those of the whole start: of one that was under way before the call came they sum to
 * more than the call waited.
 *
 * @param text empty when the call found an instance
 */
public record StartParts(String text) {

    /** Longest text: what fits behind a length of one byte. */
    public static final int TEXT_MAX = 255;

    /** Of a call that found an instance. */
    public static final StartParts NONE = new StartParts("");

    private static final String PART = StartTiming.NAME_FORM + "=\\d{1,12}";
    private static final Pattern FORM =
            Pattern.compile(PART + "(?:," + PART + "){0," + (StartTiming.PHASES_MAX - 1) + "}");
    private static final Pattern ONE = Pattern.compile("([a-z-]+)=(\\d+)");

    /** Throws {@link IllegalArgumentException} for a text of another form. */
    public StartParts {
        if (!text.isEmpty() && !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("start parts \"%s\", must be like claim=12,listen=410"
                    .formatted(text.substring(0, Math.min(text.length(), TEXT_MAX))));
        }
    }

    /** Those of a call that waited for this start. */
    public static StartParts of(@Nullable StartTiming timing) {
        if (timing == null || timing.phases().isEmpty()) {
            return NONE;
        }
        return new StartParts(timing.phases().stream()
                .map(phase -> phase.name() + '=' + phase.micros())
                .collect(Collectors.joining(",")));
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Microseconds by name, in order; a name that is there twice has the sum. */
    public Map<String, Long> micros() {
        Map<String, Long> micros = new LinkedHashMap<>();
        Matcher part = ONE.matcher(text);
        while (part.find()) {
            micros.merge(part.group(1), Long.parseLong(part.group(2)), Long::sum);
        }
        return Collections.unmodifiableMap(micros);
    }
}
