package dev.wisp.autoscaler.replay;

import java.util.function.DoubleUnaryOperator;

/**
 * What calls would cost by the list prices of several platforms, in US dollars: an estimate for comparing, not a bill. Each call is taken to
 * keep one core busy and its instance to be all its own; free tiers are left out. A cold start is billed where the platform bills it.
 */
public final class CostPolicy {

    private CostPolicy() {}

    /** Whose price formula. */
    public enum Formula {
        /** Measured processor time, memory in steps of 1 ms, starts and idle time for nothing. */
        WISP(0.20, 0.000024, 0.0000025, 0.001, 0, false, false),
        /** Cloud Run, billed per request: steps of 100 ms, idle for nothing, starts billed. */
        CLOUD_RUN(0.40, 0.000024, 0.0000025, 0.1, 0, true, false),
        /** AWS Lambda: memory alone in steps of 1 ms, at least 128 MB, starts billed. */
        LAMBDA(0.20, 0, 0.0000166667, 0.001, 0.125, true, false),
        /** Cloudflare Containers: processor time, and memory as long as there is an instance, in steps of 10 ms. */
        CLOUDFLARE_CONTAINERS(0, 0.00002, 0.0000025, 0.01, 0, true, true);

        private final double perMillionCalls;
        private final double perCpuSecond;
        private final double perGbSecond;
        private final double stepSeconds;
        private final double memoryGbMin;
        private final boolean startBilled;
        private final boolean idleBilled;

        Formula(
                double perMillionCalls,
                double perCpuSecond,
                double perGbSecond,
                double stepSeconds,
                double memoryGbMin,
                boolean startBilled,
                boolean idleBilled) {
            this.perMillionCalls = perMillionCalls;
            this.perCpuSecond = perCpuSecond;
            this.perGbSecond = perGbSecond;
            this.stepSeconds = stepSeconds;
            this.memoryGbMin = memoryGbMin;
            this.startBilled = startBilled;
            this.idleBilled = idleBilled;
        }
    }

    public static double dollars(Formula formula, Recording recording, ReplayResult result, double startSeconds) {
        double sum = recording.calls() * formula.perMillionCalls / 1e6;
        DoubleUnaryOperator billed = seconds -> Math.ceil(seconds / formula.stepSeconds - 1e-9) * formula.stepSeconds;
        double gbSeconds = 0;
        for (CallSeries series : recording.series()) {
            double memoryGb = Math.max(formula.memoryGbMin, series.memoryGb());
            for (int call = 0; call < series.calls(); call++) {
                double seconds = billed.applyAsDouble(series.serviceSeconds(call));
                sum += seconds * formula.perCpuSecond;
                gbSeconds += seconds * memoryGb;
            }
        }
        if (formula.startBilled) {
            sum += startSeconds * (result.coldStarts() + result.startsAhead()) * formula.perCpuSecond;
            gbSeconds += startSeconds * (result.coldStarts() + result.startsAhead()) * meanGb(recording, formula);
        }
        return sum + (gbSeconds + (formula.idleBilled ? result.idleGbSeconds() : 0)) * formula.perGbSecond;
    }

    /** Over calls: starts are not told apart by function. */
    private static double meanGb(Recording recording, Formula formula) {
        double sum = 0;
        for (CallSeries series : recording.series()) {
            sum += Math.max(formula.memoryGbMin, series.memoryGb()) * series.calls();
        }
        return recording.calls() == 0 ? 0 : sum / recording.calls();
    }
}
