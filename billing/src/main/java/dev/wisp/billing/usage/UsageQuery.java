package dev.wisp.billing.usage;

import dev.wisp.billing.label.LabelSelector;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
 * @param groupByLabels names of labels that it is about as well
 * @param labels only revisions that have all of these
 */
record UsageQuery(
        @Nullable String namespace,
        @Nullable String service,
        Instant from,
        Instant to,
        UsageWindow window,
        Set<UsageGroup> groupBy,
        List<String> groupByLabels,
        Map<String, String> labels) {

    /** A day in minutes and a bit; the console asks for 1,440. */
    static final int WINDOWS_MAX = 1_500;

    /** Each is one more join. */
    static final int GROUP_LABELS_MAX = 3;

    private static final String LABEL = "label:";

    UsageQuery {
        groupBy = Set.copyOf(groupBy);
        groupByLabels = List.copyOf(groupByLabels);
        labels = Map.copyOf(labels);
    }

    /** One about all revisions, whatever their labels. */
    UsageQuery(
            @Nullable String namespace,
            @Nullable String service,
            Instant from,
            Instant to,
            UsageWindow window,
            Set<UsageGroup> groupBy) {
        this(namespace, service, from, to, window, groupBy, List.of(), Map.of());
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
                groups(given.groupBy()),
                groupLabels(given.groupBy()),
                selected(given.labelSelector()));
    }

    private static Set<UsageGroup> groups(@Nullable String value) {
        EnumSet<UsageGroup> groups = EnumSet.noneOf(UsageGroup.class);
        for (String name : names(value)) {
            if (!name.startsWith(LABEL)) {
                groups.add(QueryParameters.choice("groupBy", name, UsageGroup.class));
            }
        }
        return groups;
    }

    private static List<String> groupLabels(@Nullable String value) {
        List<String> labels = names(value).stream()
                .filter(name -> name.startsWith(LABEL))
                .map(name -> name.substring(LABEL.length()))
                .distinct()
                .toList();
        if (labels.size() > GROUP_LABELS_MAX || !labels.stream().allMatch(LabelSelector::isName)) {
            throw InvalidParameter.of(
                    "groupBy",
                    String.valueOf(value),
                    "must name at most %d labels, as label:NAME".formatted(GROUP_LABELS_MAX));
        }
        return labels;
    }

    private static List<String> names(@Nullable String value) {
        return value == null || value.isEmpty()
                ? List.of()
                : Arrays.stream(value.split(",", UsageGroup.values().length + GROUP_LABELS_MAX + 1))
                        .map(String::strip)
                        .toList();
    }

    private static Map<String, String> selected(@Nullable String selector) {
        Map<String, String> labels = LabelSelector.parse(selector);
        if (labels == null) {
            throw InvalidParameter.of("labelSelector", String.valueOf(selector), LabelSelector.RULE);
        }
        return labels;
    }
}
