package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Sums of usage as rows; money with every digit it has. */
final class UsageTable {

    private static final BigDecimal GIB_MILLIS =
            new BigDecimal(BigInteger.ONE.shiftLeft(30)).multiply(BigDecimal.valueOf(1_000));

    private UsageTable() {}

    static Table of(String window, String currency) {
        return new Table(
                window.toUpperCase(java.util.Locale.ROOT),
                "WHAT",
                ">CALLS",
                ">COLD",
                ">ERRORS",
                ">BILLED s",
                ">CPU s",
                ">vCPU-s",
                ">GiB-s",
                ">COST " + currency);
    }

    static void add(Table table, String when, String what, JsonNode sums) {
        table.row(
                when,
                what,
                sums.path("invocations").asText("0"),
                sums.path("coldStarts").asText("0"),
                sums.path("errors").asText("0"),
                scaled(sums.path("billedMillis"), BigDecimal.valueOf(1_000), 3),
                scaled(sums.path("cpuMicros"), BigDecimal.valueOf(1_000_000), 6),
                scaled(sums.path("vcpuMillicoreMillis"), BigDecimal.valueOf(1_000_000), 6),
                scaled(sums.path("memoryByteMillis"), GIB_MILLIS, 6),
                sums.path("cost").asText("0"));
    }

    /** Rounded for reading; the JSON output has the exact figures. */
    private static String scaled(JsonNode amount, BigDecimal unit, int digits) {
        try {
            return new BigDecimal(amount.asText("0"))
                    .divide(unit, digits, RoundingMode.HALF_EVEN)
                    .toPlainString();
        } catch (NumberFormatException e) {
            return amount.asText();
        }
    }
}
