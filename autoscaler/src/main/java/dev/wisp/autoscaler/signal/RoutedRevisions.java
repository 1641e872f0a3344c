package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** To which revisions any host leads. Owned by the loop's thread. */
final class RoutedRevisions {

    private final Map<String, Set<RevisionId>> byHost = new HashMap<>();
    private final Map<RevisionId, Integer> hosts = new HashMap<>();

    /** Revisions that the host led to before or leads to now. */
    Set<RevisionId> see(String host, @Nullable Route route) {
        Set<RevisionId> now = new HashSet<>();
        if (route != null) {
            route.targets().forEach(target -> now.add(target.revision()));
        }
        Set<RevisionId> before = byHost.getOrDefault(host, Set.of());
        before.forEach(revision -> hosts.merge(revision, -1, RoutedRevisions::sumOrNull));
        now.forEach(revision -> hosts.merge(revision, 1, Integer::sum));
        Set<RevisionId> touched = new HashSet<>(before);
        touched.addAll(now);
        if (route == null) {
            byHost.remove(host);
        } else {
            byHost.put(host, Set.copyOf(now));
        }
        return touched;
    }

    boolean contains(RevisionId revision) {
        return hosts.containsKey(revision);
    }

    private static @Nullable Integer sumOrNull(Integer a, Integer b) {
        return a + b == 0 ? null : a + b;
    }
}
