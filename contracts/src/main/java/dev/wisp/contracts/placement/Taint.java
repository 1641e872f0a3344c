package dev.wisp.contracts.placement;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What keeps revisions off a node that do not tolerate it.
 *
 * @param value may be empty
 */
public record Taint(String key, String value, Effect effect) {

    private static final Pattern FORM = Pattern.compile(
            "((?:[a-z0-9][-.a-z0-9]{0,252}/)?[A-Za-z0-9][-._A-Za-z0-9]{0,62})(?:=([-._A-Za-z0-9]{0,63}))?:([A-Za-z]+)");

    /** What the taint does to a revision that does not tolerate it. */
    public enum Effect {
        /** What runs there stays, nothing is started. */
        NO_SCHEDULE("NoSchedule"),
        /** Others are asked first. */
        PREFER_NO_SCHEDULE("PreferNoSchedule"),
        /** What runs there is drained. */
        NO_EXECUTE("NoExecute");

        private final String title;

        Effect(String title) {
            this.title = title;
        }

        /** As Kubernetes writes it. */
        public String title() {
            return title;
        }
    }

    /**
     * Reads {@code key=value:NoSchedule} or {@code key:NoSchedule}, which is how kubectl writes a taint.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Taint parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            for (Effect effect : Effect.values()) {
                if (effect.title.equalsIgnoreCase(matcher.group(3))) {
                    return new Taint(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2), effect);
                }
            }
        }
        throw new IllegalArgumentException(
                "taint '%s' must be KEY[=VALUE]:EFFECT with effect NoSchedule, PreferNoSchedule or NoExecute"
                        .formatted(text.length() > 80 ? text.substring(0, 77) + "..." : text));
    }

    @Override
    public String toString() {
        return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect.title;
    }
}
