package dev.wisp.contracts.dataplane;

import java.util.List;

/**
 * Where the time of one start went, in order; the phases sum to the total.
 *
 * @param totalMicros from the node's taking the command to the instance's listening
 * @param phases at most {@value #PHASES_MAX}, else {@link IllegalArgumentException}: a record has to hold them
 */
public record StartTiming(long totalMicros, List<Phase> phases) {

    /** Today's starts have six. */
    public static final int PHASES_MAX = 8;

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
            if (!isName(name) || micros < 0 || micros > MICROS_MAX) {
                throw new IllegalArgumentException(
                        "phase %s of %d µs, must have a name of 1..%d letters and take 0..%d µs"
                                .formatted(
                                        name.substring(0, Math.min(name.length(), NAME_MAX)),
                                        micros,
                                        NAME_MAX,
                                        MICROS_MAX));
            }
        }

        private static boolean isName(String name) {
            if (name.isEmpty() || name.length() > NAME_MAX || name.charAt(0) == '-') {
                return false;
            }
            for (int at = 0; at < name.length(); at++) {
                char letter = name.charAt(at);
                if ((letter < 'a' || letter > 'z') && letter != '-') {
                    return false;
                }
            }
            return true;
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
