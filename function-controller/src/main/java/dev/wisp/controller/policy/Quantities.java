package dev.wisp.controller.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Kubernetes quantities ({@code 250m}, {@code 1.5}, {@code 256Mi}, {@code 1e3}). */
final class Quantities {

    /** Digits are bounded so that no input makes the arithmetic long. */
    private static final Pattern FORM = Pattern.compile(
            "\\+?(\\d{1,18}(?:\\.\\d{0,9})?|\\.\\d{1,9})(?:(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)|[eE]([+-]?\\d{1,2}))?");

    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.valueOf(1_000L)),
            Map.entry("M", BigDecimal.valueOf(1_000_000L)),
            Map.entry("G", BigDecimal.valueOf(1_000_000_000L)),
            Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
            Map.entry("P", BigDecimal.valueOf(1_000_000_000_000_000L)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)));

    private Quantities() {}

    /** Thousandths, rounded up as Kubernetes does; empty when it is no quantity or does not fit. */
    static OptionalLong millis(String text) {
        return scaled(text, BigDecimal.valueOf(1_000));
    }

    /** Whole units, rounded up; empty when it is no quantity or does not fit. */
    static OptionalLong units(String text) {
        return scaled(text, BigDecimal.ONE);
    }

    private static OptionalLong scaled(String text, BigDecimal scale) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        BigDecimal value = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            value = value.multiply(FACTORS.getOrDefault(matcher.group(2), BigDecimal.ONE));
        } else if (matcher.group(3) != null) {
            value = value.scaleByPowerOfTen(Integer.parseInt(matcher.group(3)));
        }
        BigDecimal whole = value.multiply(scale).setScale(0, RoundingMode.CEILING);
        return whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                ? OptionalLong.of(whole.longValueExact())
                : OptionalLong.empty();
    }
}
