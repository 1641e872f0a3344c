package dev.wisp.bench.statistic;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the header {@code Server-Timing}: {@code queue;dur=0.1, start;dur=2.5;desc="cold"}. */
public final class ServerTiming {

    private ServerTiming() {}

    /** Metrics with a duration, in microseconds, in the header's order; what cannot be read is left out. */
    public static Map<String, Long> parse(String header) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        for (String metric : header.split(",")) {
            String[] parts = metric.strip().split(";");
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("dur=")) {
                    put(metrics, parts[0].strip(), parameter.substring("dur=".length()));
                }
            }
        }
        return metrics;
    }

    private static void put(Map<String, Long> metrics, String name, String millis) {
        try {
            metrics.merge(name, Math.round(Double.parseDouble(millis) * 1_000), Long::sum);
        } catch (NumberFormatException e) {
            metrics.remove(name);
        }
    }
}
