package dev.wisp.controller.revision;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of signals on Linux, from the names that image configurations use. */
final class StopSignals {

    static final int TERM = 15;

    private static final int RTMIN = 34;
    private static final int RTMAX = 64;
    private static final Pattern REAL_TIME = Pattern.compile("RTMIN\\+(\\d{1,2})|RTMAX-(\\d{1,2})");

    /** In the order of their numbers, from 1. */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private static final Map<String, Integer> ALIASES =
            Map.of("IOT", 6, "CLD", 17, "POLL", 29, "RTMIN", RTMIN, "RTMAX", RTMAX);

    private StopSignals() {}

    /** SIGTERM for what is empty or unknown: a wrong label in an image must not keep it from running. */
    static int number(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.matches("\\d{1,2}")) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= RTMAX ? number : TERM;
        }
        return named(name.startsWith("SIG") ? name.substring(3) : name);
    }

    private static int named(String name) {
        int index = NAMES.indexOf(name);
        if (index >= 0) {
            return index + 1;
        }
        Matcher realTime = REAL_TIME.matcher(name);
        if (realTime.matches()) {
            int number = realTime.group(1) != null
                    ? RTMIN + Integer.parseInt(realTime.group(1))
                    : RTMAX - Integer.parseInt(realTime.group(2));
            return number >= RTMIN && number <= RTMAX ? number : TERM;
        }
        return ALIASES.getOrDefault(name, TERM);
    }
}
