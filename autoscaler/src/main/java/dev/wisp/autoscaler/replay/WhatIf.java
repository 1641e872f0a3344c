package dev.wisp.autoscaler.replay;

import dev.wisp.autoscaler.keepalive.EconomicKeepAlive;
import dev.wisp.autoscaler.keepalive.FixedKeepAlive;
import dev.wisp.autoscaler.keepalive.HistogramKeepAlive;
import dev.wisp.autoscaler.keepalive.HoldTerms;
import dev.wisp.autoscaler.keepalive.KeepAlive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One recording under several policies: the rows that {@code wisp replay} prints, and the plot of the frontier. */
public final class WhatIf {

    /** Knative with its defaults goes to zero once its stable window is empty: it has an activator in the path of few instances. */
    private static final double KNATIVE_SECONDS = 60;

    private static final int PLOT_POINTS_PER_DECADE = 6;

    private final Recording recording;
    private final double startSeconds;

    public WhatIf(Recording recording, double startSeconds) {
        this.recording = recording;
        this.startSeconds = startSeconds;
    }

    /**
     * One policy's figures.
     *
     * @param costDollars by price formula
     */
    public record Row(
            String policy,
            long calls,
            long coldStarts,
            long startsAhead,
            double addedLatencyMillis,
            double idleGbSeconds,
            Map<String, Double> costDollars) {}

    /**
     * A policy as it is written: {@code fixed:SECONDS}, {@code knative}, {@code histogram}, {@code economic:PRICE}, the price being of a
     * gigabyte held idle for a second when a second of waiting costs 1, or {@code economic}, which takes {@value #PRICE_DEFAULT}.
     */
    public Row row(String policy) {
        return row(policy, ReplayPlanner.replay(recording, keepAlive(policy)));
    }

    /** Every fixed keep-alive from a second on, the histogram, Knative, and the economic frontier as a line. */
    public String plot(String title) {
        List<PlotPlanner.Mark> points = new ArrayList<>();
        for (String policy :
                List.of("fixed:1", "fixed:10", "fixed:60", "fixed:300", "fixed:600", "fixed:1200", "histogram")) {
            Row row = row(policy);
            points.add(new PlotPlanner.Mark(policy, row.idleGbSeconds(), row.addedLatencyMillis()));
        }
        List<PlotPlanner.Mark> line = FrontierPlanner.frontier(recording, startSeconds, PLOT_POINTS_PER_DECADE).stream()
                .map(FrontierPlanner.Point::result)
                .map(result ->
                        new PlotPlanner.Mark("", result.idleGbSeconds(), result.addedLatencyMillis(startSeconds)))
                .toList();
        return PlotPlanner.svg(title, line, points);
    }

    /** What waiting costs against memory when nothing is said: a second of waiting for 1,000 seconds of a gigabyte. */
    static final double PRICE_DEFAULT = 0.001;

    private Function<CallSeries, KeepAlive> keepAlive(String policy) {
        String[] parts = policy.split(":", 2);
        return switch (parts[0]) {
            case "fixed" -> {
                double seconds = number(policy, parts, 1);
                yield series -> FixedKeepAlive.of(seconds);
            }
            case "knative" -> series -> FixedKeepAlive.of(KNATIVE_SECONDS);
            case "histogram" -> series -> new HistogramKeepAlive();
            case "economic" -> {
                double price = number(policy, parts, PRICE_DEFAULT);
                yield series -> new EconomicKeepAlive(new HoldTerms(startSeconds, series.memoryGb(), 1, price));
            }
            default -> throw unknown(policy);
        };
    }

    private Row row(String policy, ReplayResult result) {
        Map<String, Double> costs = new LinkedHashMap<>();
        for (CostPolicy.Formula formula : CostPolicy.Formula.values()) {
            costs.put(
                    formula.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    CostPolicy.dollars(formula, recording, result, startSeconds));
        }
        return new Row(
                policy,
                result.calls(),
                result.coldStarts(),
                result.startsAhead(),
                result.addedLatencyMillis(startSeconds),
                result.idleGbSeconds(),
                costs);
    }

    private static double number(String policy, String[] parts, double byDefault) {
        try {
            double value = parts.length < 2 ? byDefault : Double.parseDouble(parts[1]);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        throw unknown(policy);
    }

    private static IllegalArgumentException unknown(String policy) {
        return new IllegalArgumentException(
                "policy '%s' must be fixed:SECONDS, knative, histogram, economic or economic:PRICE".formatted(policy));
    }
}
