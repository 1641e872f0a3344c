package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionReadiness.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes a revision's image is unpacked and was seen to start. Only some are remembered for each revision: more are not granted
 * anything either. Owned by the loop's thread.
 */
final class PreparedNodes {

    private static final int NODES_MAX = 64;

    private final Map<RevisionId, Set<String>> nodes = new HashMap<>();

    /** The revision for which that changed something, null for none. */
    @Nullable
    RevisionId see(String key, @Nullable RevisionReadiness readiness) {
        int at = key.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        RevisionId revision = RevisionId.parse(key.substring(0, at));
        String nodeId = key.substring(at + 1);
        boolean ready = readiness != null && readiness.state() == State.READY;
        return (ready ? add(revision, nodeId) : remove(revision, nodeId)) ? revision : null;
    }

    Set<String> of(RevisionId revision) {
        return nodes.getOrDefault(revision, Set.of());
    }

    void forget(RevisionId revision) {
        nodes.remove(revision);
    }

    private boolean add(RevisionId revision, String nodeId) {
        Set<String> known = nodes.computeIfAbsent(revision, id -> new HashSet<>());
        return known.size() < NODES_MAX && known.add(nodeId);
    }

    private boolean remove(RevisionId revision, String nodeId) {
        Set<String> known = nodes.get(revision);
        if (known == null || !known.remove(nodeId)) {
            return false;
        }
        if (known.isEmpty()) {
            nodes.remove(revision);
        }
        return true;
    }
}
