package dev.wisp.billing.usage;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to the sums.
 *
 * @param namespace only this one, null for all
 * @param service only this one, null for all
 * @param from start of the first window
 * @param to end of the last window
 * @param groupBy what each row is about besides its window
 */
record UsageQuery(
        @Nullable String namespace,
        @Nullable String service,
        Instant from,
        Instant to,
        UsageWindow window,
        Set<UsageGroup> groupBy) {

    /** A day in minutes and a bit; the console asks for 1,440. */
    static final int WINDOWS_MAX = 1_500;

    UsageQuery {
        groupBy = Set.copyOf(groupBy);
    }

    /**
     * Reads the parameters of a request; bounds are widened to whole windows, and without {@code from} the last few windows are meant.
     * Throws {@link dev.wisp.contracts.problem.ProblemException} naming the parameter that is wrong.
     */
    static UsageQuery parse(UsageParameters given, Instant now) {
        String windowText = given.window() == null || given.window().isEmpty() ? "HOUR" : given.window();
        UsageWindow window = QueryParameters.choice("window", windowText, UsageWindow.class);
        Instant givenTo = QueryParameters.time("to", given.to());
        Instant to = window.ceiling(givenTo == null ? now : givenTo);
        Instant givenFrom = QueryParameters.time("from", given.from());
        Instant from = givenFrom == null ? window.plus(to, -window.defaultCount()) : window.floor(givenFrom);
        if (!from.isBefore(to)) {
            throw InvalidParameter.of("from", String.valueOf(given.from()), "must be before to=" + to);
        }
        if (window.count(from, to) > WINDOWS_MAX) {
            throw InvalidParameter.of(
                    "window",
                    window.name(),
                    "from and to are more than %d windows apart: take a longer window or a shorter time"
                            .formatted(WINDOWS_MAX));
        }
        return new UsageQuery(
                QueryParameters.name("namespace", given.namespace()),
                QueryParameters.name("service", given.service()),
                from,
                to,
                window,
                groups(given.groupBy()));
    }

    private static Set<UsageGroup> groups(@Nullable String value) {
        EnumSet<UsageGroup> groups = EnumSet.noneOf(UsageGroup.class);
        if (value == null || value.isEmpty()) {
            return groups;
        }
        for (String name : value.split(",", UsageGroup.values().length + 1)) {
            groups.add(QueryParameters.choice("groupBy", name.strip(), UsageGroup.class));
        }
        return groups;
    }
}
