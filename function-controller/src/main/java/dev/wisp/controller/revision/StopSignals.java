package dev.wisp.controller.revision;

import java.util.Locale;
import java.util.Map;

/** Numbers of signals on Linux, from the names that image configurations use. */
final class StopSignals {

    static final int TERM = 15;
    private static final int MAX = 64;

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ABRT", 6),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("USR2", 12),
            Map.entry("ALRM", 14),
            Map.entry("TERM", TERM),
            Map.entry("CONT", 18),
            Map.entry("STOP", 19),
            Map.entry("TSTP", 20),
            Map.entry("WINCH", 28),
            Map.entry("PWR", 30),
            Map.entry("RTMIN", 34),
            Map.entry("RTMIN+3", 37),
            Map.entry("RTMAX", MAX));

    private StopSignals() {}

    /** SIGTERM for what is empty or unknown: a wrong label in an image must not keep it from running. */
    static int number(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.matches("\\d{1,2}")) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= MAX ? number : TERM;
        }
        return NUMBERS.getOrDefault(name.startsWith("SIG") ? name.substring(3) : name, TERM);
    }
}
