package dev.wisp.billing.usage;

import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The query of {@code /v1/usage} as it came; all texts, so that a refusal can name the parameter and repeat it. */
public record UsageParameters(
        @RestQuery @Nullable String namespace,
        @RestQuery @Nullable String service,
        @RestQuery @Nullable String from,
        @RestQuery @Nullable String to,
        @RestQuery @Nullable String window,
        @RestQuery @Nullable String groupBy,
        @RestQuery @Nullable String labelSelector,
        @RestQuery @Nullable String limit,
        @RestQuery @Nullable String cursor) {}
