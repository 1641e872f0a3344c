package dev.wisp.billing.estimate;

import org.jspecify.annotations.Nullable;

/**
 * A month of calls.
 *
 * @param requests how many
 * @param durationMicros the application's time of each
 * @param cpuMicros processor time of each; the whole duration when left out
 * @param cpuMillis processors held, in thousandths
 * @param startMicros of a cold start
 * @param coldStartPercent share of calls that start an instance
 * @param concurrency calls at once in an instance
 */
public record EstimateRequest(
        long requests,
        long durationMicros,
        @Nullable Long cpuMicros,
        long cpuMillis,
        long memoryBytes,
        long diskBytes,
        long bytesOut,
        long startMicros,
        int coldStartPercent,
        @Nullable Integer concurrency) {}
