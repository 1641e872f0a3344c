package dev.wisp.cli.invoke;

import dev.wisp.cli.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What one call cost, as its response says. */
record Bill(Headers headers) {

    /** True when the platform metered the call: an answer of something else has no bill. */
    boolean isPresent() {
        return headers.has("x-invocation-id");
    }

    /** One line: {@code cold  queue 0.05 + claim 0.21 + … ms | billed 1 ms  cpu 0.31 ms  cost 0.0000002 USD  id 0190…}. */
    String line(double totalMillis) {
        List<String> parts = new ArrayList<>();
        parts.add(headers.first("x-cold-start").map("true"::equals).orElse(false) ? "cold" : "warm");
        parts.add(ServerTiming.number(totalMillis) + " ms");
        headers.first("server-timing").ifPresent(timing -> parts.add("(" + phases(timing) + ")"));
        headers.first("x-billed-duration-ms").ifPresent(millis -> parts.add("billed " + millis + " ms"));
        headers.first("x-cpu-time-us").ifPresent(micros -> parts.add("cpu " + millisOf(micros) + " ms"));
        headers.first("x-cost").ifPresent(cost -> parts.add("cost " + cost));
        headers.first("x-revision").ifPresent(parts::add);
        headers.first("x-invocation-id").ifPresent(parts::add);
        return String.join("  ", parts);
    }

    private static String phases(String timing) {
        return ServerTiming.parse(timing).phases().stream()
                .map(ServerTiming.Phase::text)
                .collect(Collectors.joining(", "));
    }

    private static String millisOf(String micros) {
        try {
            return ServerTiming.number(Long.parseLong(micros) / 1e3);
        } catch (NumberFormatException e) {
            return micros;
        }
    }
}
