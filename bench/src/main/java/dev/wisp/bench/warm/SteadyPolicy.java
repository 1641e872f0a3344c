package dev.wisp.bench.warm;

import java.util.List;

/** Decides when a warm-up is over: while a JVM compiles, a call takes more processor time from one round to the next less. */
final class SteadyPolicy {

    /** Rounds in a row that have to agree. */
    static final int ROUNDS = 3;

    private static final double WITHIN = 1.05;

    private SteadyPolicy() {}

    /** Whether the last rounds took the same processor time for a call, but for a twentieth. */
    static boolean isSteady(List<Double> cpuMicros) {
        if (cpuMicros.size() < ROUNDS) {
            return false;
        }
        List<Double> last = cpuMicros.subList(cpuMicros.size() - ROUNDS, cpuMicros.size());
        double least = last.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = last.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return most <= least * WITHIN;
    }
}
