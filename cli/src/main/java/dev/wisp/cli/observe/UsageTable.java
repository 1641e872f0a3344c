package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sums of usage as rows; money with every digit it has. What instances had without a call has columns where there was any. */
final class UsageTable {

    private static final BigDecimal GIB_MILLIS =
            new BigDecimal(BigInteger.ONE.shiftLeft(30)).multiply(BigDecimal.valueOf(1_000));

    private static final BigDecimal GIB_MICROS = GIB_MILLIS.multiply(BigDecimal.valueOf(1_000));

    private static final List<String> COLUMNS =
            List.of("WHAT", ">CALLS", ">COLD", ">ERRORS", ">BILLED s", ">CPU s", ">vCPU-s", ">GiB-s");

    private static final List<String> WAITING = List.of(">IDLE vCPU-s", ">IDLE GiB-s", ">FROZEN GiB-s");

    private final Table rows;
    private final boolean waiting;

    private UsageTable(Table rows, boolean waiting) {
        this.rows = rows;
        this.waiting = waiting;
    }

    static UsageTable of(String window, JsonNode usage) {
        JsonNode total = usage.path("total");
        boolean waiting = isAny(total.path("idleMillicoreMicros"))
                || isAny(total.path("idleMemoryByteMicros"))
                || isAny(total.path("frozenMemoryByteMicros"));
        List<String> columns = new ArrayList<>(List.of(window.toUpperCase(Locale.ROOT)));
        columns.addAll(COLUMNS);
        columns.addAll(waiting ? WAITING : List.of());
        columns.add(">COST " + usage.path("currency").asText());
        return new UsageTable(new Table(columns.toArray(String[]::new)), waiting);
    }

    void add(String when, String what, JsonNode sums) {
        List<Object> row = new ArrayList<>(List.of(
                when,
                what,
                sums.path("invocations").asText("0"),
                sums.path("coldStarts").asText("0"),
                sums.path("errors").asText("0"),
                scaled(sums.path("billedMillis"), BigDecimal.valueOf(1_000), 3),
                scaled(sums.path("cpuMicros"), BigDecimal.valueOf(1_000_000), 6),
                scaled(sums.path("vcpuMillicoreMillis"), BigDecimal.valueOf(1_000_000), 6),
                scaled(sums.path("memoryByteMillis"), GIB_MILLIS, 6)));
        if (waiting) {
            row.add(scaled(sums.path("idleMillicoreMicros"), BigDecimal.valueOf(1_000_000_000), 6));
            row.add(scaled(sums.path("idleMemoryByteMicros"), GIB_MICROS, 6));
            row.add(scaled(sums.path("frozenMemoryByteMicros"), GIB_MICROS, 6));
        }
        row.add(sums.path("cost").asText("0"));
        rows.row(row.toArray());
    }

    Table rows() {
        return rows;
    }

    private static boolean isAny(JsonNode sum) {
        return !sum.asText("0").equals("0");
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
