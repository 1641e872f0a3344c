package dev.wisp.cli.invoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The phases of a {@code Server-Timing} header: {@code queue;dur=0.1, start;dur=3.9, start-listen;dur=1.2, app;dur=0.4, total;dur=4.5}.
 * A name with a dash is a part of the phase before the dash.
 */
record ServerTiming(List<Phase> phases) {

    /** One phase; milliseconds as the header gives them. */
    record Phase(String name, double millis) {

        boolean isPartOf(Phase whole) {
            return name.startsWith(whole.name() + "-");
        }

        boolean isTotal() {
            return name.equals("total");
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

    /** {@code queue 0.10 + start 3.90 (listen 1.20) + app 0.40}; what took no time is left out. */
    String text() {
        return phases.stream()
                .filter(phase -> !phase.isTotal() && phase.millis() > 0)
                .filter(phase -> phases.stream().noneMatch(phase::isPartOf))
                .map(phase -> "%s %s%s".formatted(phase.name(), number(phase.millis()), parts(phase)))
                .collect(Collectors.joining(" + "));
    }

    private String parts(Phase whole) {
        String parts = phases.stream()
                .filter(phase -> phase.isPartOf(whole))
                .map(phase ->
                        "%s %s".formatted(phase.name().substring(whole.name().length() + 1), number(phase.millis())))
                .collect(Collectors.joining(", "));
        return parts.isEmpty() ? "" : " (" + parts + ")";
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
