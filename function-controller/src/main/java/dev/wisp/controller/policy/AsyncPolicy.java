package dev.wisp.controller.policy;

import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.revision.AsyncSpec;
import org.jspecify.annotations.Nullable;

/** Reads how a template wants calls to be made that nobody waits for. */
final class AsyncPolicy {

    private static final String RETRIES = "wisp.dev/async-retries";
    private static final String MAX_AGE = "wisp.dev/async-max-age";
    private static final String ON_SUCCESS = "wisp.dev/async-on-success";
    private static final String ON_FAILURE = "wisp.dev/async-on-failure";

    private AsyncPolicy() {}

    /** Webhooks go where the operator lets them: who may deploy must not make gateways call an address of their choice. */
    static AsyncSpec async(Annotations annotations, WebhookOrigins webhooks) {
        return new AsyncSpec(
                annotations.integer(RETRIES, AsyncSpec.DEFAULT.retries(), 0, AsyncSpec.RETRIES_MAX),
                annotations.millis(
                        MAX_AGE,
                        AsyncSpec.DEFAULT.maxAgeMillis(),
                        AsyncSpec.MAX_AGE_MILLIS_MIN,
                        AsyncSpec.MAX_AGE_MILLIS_MAX),
                destination(annotations, ON_SUCCESS, webhooks),
                destination(annotations, ON_FAILURE, webhooks));
    }

    private static @Nullable String destination(Annotations annotations, String key, WebhookOrigins webhooks) {
        String text = annotations.text(key);
        if (text == null) {
            return null;
        }
        String why = AsyncSpec.isUrl(text) ? webhooks.fault(text) : nameFault(text);
        if (why != null) {
            annotations.refuse(key, "'%s' %s".formatted(ServicePolicy.shortened(text), why));
            return null;
        }
        return text;
    }

    private static @Nullable String nameFault(String text) {
        return Names.isDnsLabel(text) ? null : "must be the name of a service in this namespace, or a URL";
    }
}
