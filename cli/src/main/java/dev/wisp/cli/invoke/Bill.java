package dev.wisp.cli.invoke;

import dev.wisp.cli.http.Headers;
import java.util.ArrayList;
import java.util.List;

/** What one call cost, as its response says. */
record Bill(Headers headers) {

    /** True when the platform metered the call: an answer of something else has no bill. */
    boolean isPresent() {
        return headers.has("x-invocation-id");
    }

    /**
     * One line: {@code warm  1.31 ms = queue 0.05 + app 0.40  billed 1 ms  cpu 0.31 ms  cost 0.0000002 USD  hello-00001  0190…}.
     *
     * @param totalMillis as this client saw it
     */
    String line(double totalMillis) {
        List<String> parts = new ArrayList<>();
        headers.first("x-cold-start").ifPresent(cold -> parts.add(cold.equals("true") ? "cold" : "warm"));
        parts.add(ServerTiming.number(totalMillis) + " ms" + phases());
        headers.first("x-billed-duration-ms").ifPresent(millis -> parts.add("billed " + millis + " ms"));
        headers.first("x-cpu-time-us").ifPresent(micros -> parts.add("cpu " + millisOf(micros) + " ms"));
        parts.add(headers.first("x-cost").map("cost "::concat).orElse("not billed"));
        headers.first("x-revision").ifPresent(parts::add);
        headers.first("x-invocation-id").ifPresent(parts::add);
        return String.join("  ", parts);
    }

    private String phases() {
        String phases = headers.first("server-timing")
                .map(ServerTiming::parse)
                .map(ServerTiming::text)
                .orElse("");
        return phases.isEmpty() ? "" : " = " + phases;
    }

    private static String millisOf(String micros) {
        try {
            return ServerTiming.number(Long.parseLong(micros) / 1e3);
        } catch (NumberFormatException e) {
            return micros;
        }
    }
}
