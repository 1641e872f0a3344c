package dev.wisp.gateway.routing;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Picks the revision that answers one request. */
public final class RoutePolicy {

    /** A roll is from 0 to this, exclusive: weights are per cent. */
    public static final int ROLL_BOUND = 100;

    private RoutePolicy() {}

    /**
     * The target whose share of [0, 100) the roll falls in; targets with weight 0 have only a tag and are never picked. Should the
     * weights sum to less than 100, the last weighted target takes the rest. Null when no revision is ready.
     */
    public static @Nullable RevisionId choose(Route route, int roll) {
        List<Route.Target> targets = route.targets();
        RevisionId chosen = null;
        int sum = 0;
        for (int at = 0; at < targets.size(); at++) {
            Route.Target target = targets.get(at);
            if (target.percent() <= 0) {
                continue;
            }
            chosen = target.revision();
            sum += target.percent();
            if (roll < sum) {
                break;
            }
        }
        return chosen;
    }
}
