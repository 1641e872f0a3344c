package dev.wisp.contracts.event;

import java.net.URI;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where webhooks may go: scheme, host and port as they begin a URL. An operator lists them, so that who may deploy a service cannot make
 * the platform call an address of their choice.
 */
public record WebhookOrigins(Set<String> origins) {

    public static final WebhookOrigins NONE = new WebhookOrigins(Set.of());

    private static final int URL_LENGTH_MAX = 512;

    public WebhookOrigins {
        origins = Set.copyOf(origins);
    }

    public boolean isEmpty() {
        return origins.isEmpty();
    }

    /** What is wrong with a URL, null when a webhook may go there. */
    public @Nullable String fault(String url) {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException e) {
            return "is not a URL";
        }
        if (url.length() > URL_LENGTH_MAX || parsed.getRawUserInfo() != null || parsed.getRawFragment() != null) {
            return "must be a URL of at most %d characters without user and fragment".formatted(URL_LENGTH_MAX);
        }
        if (origins.isEmpty()) {
            return "is a URL, and this platform's operator allows no webhooks (wisp.async.webhook-origins)";
        }
        if (!origins.contains(parsed.getScheme() + "://" + parsed.getRawAuthority())) {
            return "is not at one of %s, where this platform's operator lets webhooks go"
                    .formatted(String.join(", ", new TreeSet<>(origins)));
        }
        return null;
    }
}
