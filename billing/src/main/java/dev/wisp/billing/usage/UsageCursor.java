package dev.wisp.billing.usage;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Where rows of usage go on: after this window and group. Opaque to callers; of no use to another question, which has other groups.
 *
 * @param groups values of what the question groups by, in the order of {@link UsageGroup} and then of its labels
 */
record UsageCursor(Instant start, List<String> groups) {

    private static final String BETWEEN = "\n";
    private static final String RULE = "must be the nextCursor of an earlier answer to the same question";

    UsageCursor {
        groups = List.copyOf(groups);
    }

    static UsageCursor of(UsageQuery query, UsageRow row) {
        List<String> groups = new ArrayList<>();
        for (UsageGroup group : UsageGroup.values()) {
            if (query.groupBy().contains(group)) {
                groups.add(row.groups().getOrDefault(group.column(), ""));
            }
        }
        query.groupByLabels().forEach(name -> groups.add(row.labels().getOrDefault(name, "")));
        return new UsageCursor(row.windowStart(), groups);
    }

    /** Throws {@link dev.wisp.contracts.problem.ProblemException} for what no answer to this question gave. */
    static UsageCursor parse(String text, UsageQuery query) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            List<String> parts = Arrays.asList(decoded.split(BETWEEN, -1));
            int groups = query.groupBy().size() + query.groupByLabels().size();
            if (parts.size() == 1 + groups && decoded.indexOf('\0') < 0) {
                return new UsageCursor(Instant.parse(parts.getFirst()), parts.subList(1, parts.size()));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw InvalidParameter.of("cursor", text, RULE);
        }
        throw InvalidParameter.of("cursor", text, RULE);
    }

    String encode() {
        List<String> parts = new ArrayList<>(List.of(start.toString()));
        parts.addAll(groups);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(BETWEEN, parts).getBytes(StandardCharsets.UTF_8));
    }
}
