package dev.wisp.bench.warm;

/**
 * One round of load.
 *
 * @param failures answers other than 2xx and 3xx, and broken connections
 */
record LoadRound(
        long requests, double seconds, long p50Micros, long p90Micros, long p99Micros, long failures, long cpuMicros) {

    LoadRound withCpuMicros(long micros) {
        return new LoadRound(requests, seconds, p50Micros, p90Micros, p99Micros, failures, micros);
    }
}
