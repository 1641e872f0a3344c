package dev.wisp.autoscaler.keepalive;

import dev.wisp.autoscaler.keepalive.HoldWindows.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The ages worth holding. Let S be the set of ages at which an instance is held, P(t) the share of idle times longer than t, and h(t) the
 * hazard, so that h(t) P(t) is their density. What S costs is expected
 *
 * <pre>
 *   memory x price x ∫ P(t) dt over S   +   start x worth x (1 - ∫ h(t) P(t) dt over S)
 * </pre>
 *
 * which is least when S is exactly the ages with {@code h(t) x start x worth > memory x price}: hold while the call that is about to come is
 * worth more than the moment until it does. Keep-alive is the part of S that begins at 0, pre-warming the rest.
 */
public final class EconomicPolicy {

    /** A shorter pause is not worth a stop and a start; a plan also takes its time to reach a node. */
    static final double PAUSE_SECONDS_MIN = 2;

    private EconomicPolicy() {}

    static HoldWindows windows(GapHistory history, HoldTerms terms) {
        double hazardMin = terms.hazardMin();
        List<Window> windows = new ArrayList<>();
        double from = 0;
        double to = 0;
        for (int bin = 0; bin < AgeBins.COUNT; bin++) {
            if (!history.exceeds(bin, hazardMin)) {
                continue;
            }
            if (AgeBins.fromSeconds(bin) - to >= PAUSE_SECONDS_MIN) {
                add(windows, from, to);
                from = AgeBins.fromSeconds(bin);
            }
            to = AgeBins.toSeconds(bin);
        }
        add(windows, from, to);
        return new HoldWindows(windows);
    }

    private static void add(List<Window> windows, double from, double to) {
        if (to > from) {
            windows.add(new Window(from, to));
        }
    }
}
