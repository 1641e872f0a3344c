package dev.wisp.autoscaler.keepalive;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The ages, counted from when it became idle, at which a place for one instance is held warm. A gap between two windows means: stop it,
 * and start one again, before anyone calls, when the next window begins.
 *
 * @param windows in order, none touching the next
 */
public record HoldWindows(List<Window> windows) {

    public static final HoldWindows NONE = new HoldWindows(List.of());

    /** From and to belong to it: a call that comes exactly when a keep-alive ends is still served warm. */
    public record Window(double fromSeconds, double toSeconds) {

        public Window {
            if (!(fromSeconds >= 0) || !(toSeconds >= fromSeconds)) {
                throw new IllegalArgumentException(
                        "from=%s, to=%s, need 0 <= from <= to".formatted(fromSeconds, toSeconds));
            }
        }
    }

    public HoldWindows {
        windows = List.copyOf(windows);
    }

    /** From the moment it is idle until that age. */
    public static HoldWindows until(double seconds) {
        return between(0, seconds);
    }

    public static HoldWindows between(double fromSeconds, double toSeconds) {
        return new HoldWindows(List.of(new Window(fromSeconds, toSeconds)));
    }

    public boolean holds(double ageSeconds) {
        for (Window window : windows) {
            if (ageSeconds < window.fromSeconds()) {
                return false;
            }
            if (ageSeconds <= window.toSeconds()) {
                return true;
            }
        }
        return false;
    }

    /** How much of the time up to that age it was held. */
    public double heldSeconds(double ageSeconds) {
        double held = 0;
        for (Window window : windows) {
            held += Math.max(0, Math.min(ageSeconds, window.toSeconds()) - window.fromSeconds());
        }
        return held;
    }

    /** Starts ahead of a call up to that age: windows that were reached and do not begin with the idle time itself. */
    public int startsAhead(double ageSeconds) {
        int starts = 0;
        for (Window window : windows) {
            if (window.fromSeconds() > 0 && window.fromSeconds() <= ageSeconds) {
                starts++;
            }
        }
        return starts;
    }

    /** The age at which the window around that age ends; empty outside windows. */
    public OptionalDouble heldUntil(double ageSeconds) {
        for (Window window : windows) {
            if (window.fromSeconds() <= ageSeconds && ageSeconds <= window.toSeconds()) {
                return OptionalDouble.of(window.toSeconds());
            }
        }
        return OptionalDouble.empty();
    }

    /** The age at which the next window after that age begins; empty when there is none. */
    public OptionalDouble nextFrom(double ageSeconds) {
        for (Window window : windows) {
            if (window.fromSeconds() > ageSeconds) {
                return OptionalDouble.of(window.fromSeconds());
            }
        }
        return OptionalDouble.empty();
    }
}
