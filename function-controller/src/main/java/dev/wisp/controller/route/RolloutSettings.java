package dev.wisp.controller.route;

import java.time.Duration;

/**
 * What a rollout goes by.
 *
 * @param domain last part of every host
 * @param retireGrace how long a revision stays published after its traffic left, so that requests on their way end well
 * @param retainedMax revisions of one service that are kept; the oldest withdrawn ones go first
 */
public record RolloutSettings(String domain, Duration retireGrace, int retainedMax) {

    public RolloutSettings {
        if (retireGrace.isNegative() || retainedMax < 2) {
            throw new IllegalArgumentException(
                    "retireGrace=%s, must be >= 0; retainedMax=%d, must be >= 2".formatted(retireGrace, retainedMax));
        }
    }

    /** The host of a service: {@code hello.default.localhost}. */
    public String host(String namespace, String service) {
        return service + "." + namespace + "." + domain;
    }
}
