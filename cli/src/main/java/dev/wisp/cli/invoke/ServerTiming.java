package dev.wisp.cli.invoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The phases of a {@code Server-Timing} header: {@code queue;dur=0.1, start;dur=3.9, start-mount;dur=1.2, app;dur=0.4}. */
record ServerTiming(List<Phase> phases) {

    /** One phase; milliseconds as the header gives them. */
    record Phase(String name, double millis) {

        String text() {
            return "%s %s".formatted(name, number(millis));
        }
    }

    ServerTiming {
        phases = List.copyOf(phases);
    }

    static ServerTiming parse(String header) {
        List<Phase> phases = new ArrayList<>();
        for (String entry : header.split(",")) {
            String[] parts = entry.split(";");
            for (String part : parts) {
                String parameter = part.strip();
                if (parameter.startsWith("dur=")) {
                    add(phases, parts[0].strip(), parameter.substring("dur=".length()));
                }
            }
        }
        return new ServerTiming(phases);
    }

    private static void add(List<Phase> phases, String name, String millis) {
        try {
            phases.add(new Phase(name, Double.parseDouble(millis)));
        } catch (NumberFormatException e) {
            // A phase without a number has nothing to show.
        }
    }

    /** {@code 0.31}, {@code 12.4}, {@code 250}. */
    static String number(double millis) {
        String form = millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, form, millis);
    }
}
