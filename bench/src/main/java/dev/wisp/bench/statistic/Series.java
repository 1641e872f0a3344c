package dev.wisp.bench.statistic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured.
 *
 * @param n measurements
 * @param cpuMicros processor time for each, null when it was not measured
 * @param perSecond rate, null when rate says nothing
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Series(
        String name,
        long n,
        @JsonProperty("p50_us") long p50Micros,
        @JsonProperty("p90_us") long p90Micros,
        @JsonProperty("p99_us") long p99Micros,
        @JsonProperty("cpu_us") @Nullable Double cpuMicros,
        @JsonProperty("per_second") @Nullable Double perSecond) {

    public Series withCpuMicros(double micros) {
        return new Series(name, n, p50Micros, p90Micros, p99Micros, rounded(micros), perSecond);
    }

    public Series withPerSecond(double rate) {
        return new Series(name, n, p50Micros, p90Micros, p99Micros, cpuMicros, rounded(rate));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
