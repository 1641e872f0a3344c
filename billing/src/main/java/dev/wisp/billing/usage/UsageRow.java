package dev.wisp.billing.usage;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one window and group; what it was not grouped by is null.
 *
 * @param labels values by name of those it was grouped by, empty of a revision without one
 */
record UsageRow(
        Instant windowStart,
        @Nullable String namespace,
        @Nullable String service,
        @Nullable String revision,
        Map<String, String> labels,
        UsageSums sums) {

    UsageRow {
        labels = Map.copyOf(labels);
    }

    /** What it was grouped by, as answers name it. */
    Map<String, String> groups() {
        Map<String, String> groups = new TreeMap<>();
        put(groups, UsageGroup.NAMESPACE, namespace);
        put(groups, UsageGroup.SERVICE, service);
        put(groups, UsageGroup.REVISION, revision);
        labels.forEach((name, value) -> groups.put("label:" + name, value));
        return groups;
    }

    private static void put(Map<String, String> groups, UsageGroup group, @Nullable String value) {
        if (value != null) {
            groups.put(group.column(), value);
        }
    }
}
