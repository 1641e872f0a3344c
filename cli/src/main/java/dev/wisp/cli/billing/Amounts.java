package dev.wisp.cli.billing;

import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts as people write them; every refusal names the option. */
final class Amounts {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([a-zA-Zµ]{0,2})");

    private static final Map<String, Long> COUNTS =
            Map.of("", 1L, "k", 1_000L, "K", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L);

    private static final Map<String, Long> MICROS =
            Map.of("us", 1L, "µs", 1L, "ms", 1_000L, "s", 1_000_000L, "m", 60_000_000L, "h", 3_600_000_000L);

    private static final Map<String, Long> BYTES = Map.of(
            "",
            1L,
            "k",
            1_000L,
            "M",
            1_000_000L,
            "G",
            1_000_000_000L,
            "Ki",
            1L << 10,
            "Mi",
            1L << 20,
            "Gi",
            1L << 30,
            "Ti",
            1L << 40);

    private static final Map<String, Long> MILLIS = Map.of("", 1_000L, "m", 1L);

    private Amounts() {}

    static long count(String option, String text) {
        return read(option, text, COUNTS, "a number such as 250000 or 10M");
    }

    static long micros(String option, String text) {
        return read(option, text, MICROS, "a time such as 120ms or 2s");
    }

    static long bytes(String option, String text) {
        return read(option, text, BYTES, "a size such as 20Ki or 256Mi");
    }

    /** Thousandths of a processor. */
    static long millis(String option, String text) {
        return read(option, text, MILLIS, "processors such as 0.5 or 500m");
    }

    private static long read(String option, String text, Map<String, Long> units, String rule) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw refusal(option, text, rule);
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw refusal(option, text, rule);
        }
    }

    private static CliException refusal(String option, String text, String rule) {
        return CliException.of(ExitCode.USAGE, "%s=%s is not %s".formatted(option, text, rule));
    }
}
