package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.Table;
import dev.wisp.node.linux.TickScale;
import java.util.List;
import java.util.Locale;

/** A table that was walked, as text: number, time, call, result, step. */
final class StartTrace {

    private StartTrace() {}

    /**
     * One line a row. The time of a row is from the return of the row before to its own; a row that waits at a gate shows how long it waited. The row that
     * executes the entrypoint has no time: it never returns.
     */
    static String text(List<Table.Result> results, TickScale scale) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < results.size(); i++) {
            Table.Result result = results.get(i);
            long before = i == 0 ? 0 : results.get(i - 1).stamp();
            String micros = before == 0 || result.stamp() == 0
                    ? ""
                    : String.format(Locale.ROOT, "%.1f", scale.micros(result.stamp() - before));
            text.append("%3d %10s  %s%s%n".formatted(i, micros, result.row().text(), outcome(result)));
        }
        return text.toString();
    }

    private static String outcome(Table.Result result) {
        if (result.stamp() == 0) {
            return "";
        }
        return result.value() < 0 ? " = " + Errno.name((int) -result.value()) : " = " + result.value();
    }
}
