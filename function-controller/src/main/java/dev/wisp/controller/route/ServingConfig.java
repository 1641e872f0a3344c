package dev.wisp.controller.route;

import dev.wisp.contracts.event.WebhookOrigins;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How services are exposed and rolled out. */
@ConfigMapping(prefix = "wisp.controller.serving")
public interface ServingConfig {

    /** Last part of every service's host: {@code NAME.NAMESPACE.DOMAIN}. */
    @WithDefault("localhost")
    String domain();

    /** Port of the gateway in the URLs that the API shows; 80 is left out. */
    @WithDefault("8080")
    int urlPort();

    /** Longest time a revision may take from being published to the first node that has it ready. */
    @WithDefault("600s")
    Duration progressDeadline();

    /** How long a revision stays published after its traffic left, so that requests on their way end well. */
    @WithDefault("10s")
    Duration retireGrace();

    /** Revisions of one service that are kept; beyond it the oldest without traffic are forgotten. */
    @WithDefault("100")
    int retainedRevisionsMax();

    /**
     * Where webhooks of asynchronous calls may go, such as {@code https://hooks.example.com}; a service that names another URL is refused.
     * The gateways' list is the same: {@code wisp.async.webhook-origins} sets both.
     */
    @WithDefault("${wisp.async.webhook-origins:}")
    Optional<List<String>> webhookOrigins();

    /**
     * What a service gets whose template does not say, by annotation: {@code
     * wisp.controller.serving.default-annotations."autoscaling.knative.dev/window"=30s}. Revisions keep what they were made with.
     */
    Map<String, String> defaultAnnotations();

    /** As decisions take it. */
    default WebhookOrigins webhooks() {
        return new WebhookOrigins(Set.copyOf(webhookOrigins().orElse(List.of())));
    }

    /** What decisions take of it. */
    default RolloutSettings rollout() {
        return new RolloutSettings(domain(), retireGrace(), retainedRevisionsMax());
    }

    /** The URL of a service. */
    default String url(String host) {
        return "http://" + host + (urlPort() == 80 ? "" : ":" + urlPort());
    }
}
