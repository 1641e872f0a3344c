package dev.wisp.billing.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The sums of one window and group; what it was not grouped by is null. */
record UsageRow(
        Instant windowStart,
        @Nullable String namespace,
        @Nullable String service,
        @Nullable String revision,
        UsageSums sums) {}
