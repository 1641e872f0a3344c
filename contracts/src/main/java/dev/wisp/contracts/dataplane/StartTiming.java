package dev.wisp.contracts.dataplane;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the time of one start went, in order; the phases sum to the total.
 *
 * @param totalMicros from the node's taking the command to the instance's listening
 * @param phases at most {@value #PHASES_MAX}, else {@link IllegalArgumentException}: a record has to hold them
 */
public record StartTiming(long totalMicros, List<Phase> phases) {

    /** Today's starts have six. */
    public static final int PHASES_MAX = 8;

    /** Form of a phase's name, as a regular expression. */
    public static final String NAME_FORM = "[a-z][a-z-]{0,14}";

    private static final Pattern NAME = Pattern.compile(NAME_FORM);
    private static final int NAME_MAX = 15;
    private static final long MICROS_MAX = 999_999_999_999L;

    /**
     * One step; throws {@link IllegalArgumentException} beyond its bounds.
     *
     * @param name short and stable, such as {@code claim}, {@code prepare}, {@code execute}, {@code listen}: at most 15 of a to z and -
     * @param micros below 10¹²
     */
    public record Phase(String name, long micros) {

        public Phase {
            if (!NAME.matcher(name).matches() || micros < 0 || micros > MICROS_MAX) {
                throw new IllegalArgumentException(
                        "phase %s of %d µs, must have a name of 1..%d letters and take 0..%d µs"
                                .formatted(
                                        name.substring(0, Math.min(name.length(), NAME_MAX)),
                                        micros,
                                        NAME_MAX,
                                        MICROS_MAX));
            }
        }
    }

    public StartTiming {
        phases = List.copyOf(phases);
        if (phases.size() > PHASES_MAX) {
            throw new IllegalArgumentException(
                    "%d phases of a start, must be at most %d".formatted(phases.size(), PHASES_MAX));
        }
    }
}
