package dev.wisp.cli.console;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them; always with a point, whatever the locale. */
public final class Units {

    private static final long KIB = 1024;

    private Units() {}

    /** {@code   0.31s}. */
    static String secondsPadded(long millis) {
        return String.format(Locale.ROOT, "%6.2fs", millis / 1000.0);
    }

    /** {@code 4.1 MiB}. */
    public static String bytes(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        String[] names = {"KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = -1;
        while (value >= KIB && unit < names.length - 1) {
            value /= KIB;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, names[unit]);
    }

    /** {@code 2}, {@code 1.75}: of a thousand millicores each. */
    public static String cores(long millicores) {
        return BigDecimal.valueOf(millicores, 3).stripTrailingZeros().toPlainString();
    }

    /** {@code 3.42 ms}, {@code 87 µs}, {@code 1.20 s}. */
    public static String micros(long micros) {
        if (micros < 1_000) {
            return micros + " µs";
        }
        return micros < 1_000_000
                ? String.format(Locale.ROOT, "%.2f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }

    /** {@code 45s}, {@code 3m12s}, {@code 5h4m}, {@code 2d3h}. */
    public static String age(Duration age) {
        if (age.toDays() > 0) {
            return "%dd%dh".formatted(age.toDays(), age.toHoursPart());
        }
        if (age.toHours() > 0) {
            return "%dh%dm".formatted(age.toHours(), age.toMinutesPart());
        }
        if (age.toMinutes() > 0) {
            return "%dm%ds".formatted(age.toMinutes(), age.toSecondsPart());
        }
        return Math.max(0, age.toSeconds()) + "s";
    }
}
