package dev.wisp.autoscaler.explain;

import dev.wisp.contracts.revision.RevisionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The last decisions of every revision, in memory; decisions that only confirm the last one are folded into it. Thread-safe. */
public final class DecisionLog {

    private final int perRevisionMax;
    private final Map<RevisionId, Entries> byRevision = new HashMap<>();

    private record Entries(String service, Deque<Decision> decisions) {}

    public DecisionLog(int perRevisionMax) {
        if (perRevisionMax < 1) {
            throw new IllegalArgumentException("perRevisionMax=%d, must be > 0".formatted(perRevisionMax));
        }
        this.perRevisionMax = perRevisionMax;
    }

    public synchronized void add(String service, Decision decision) {
        Deque<Decision> decisions = byRevision
                .computeIfAbsent(decision.revision(), id -> new Entries(service, new ArrayDeque<>()))
                .decisions();
        Decision last = decisions.peekLast();
        if (last != null && last.isConfirmedBy(decision)) {
            decisions.removeLast();
            decisions.addLast(last.confirmedBy(decision));
            return;
        }
        if (decisions.size() == perRevisionMax) {
            decisions.removeFirst();
        }
        decisions.addLast(decision);
    }

    /** Instances wanted now, over all revisions. */
    public synchronized int desired() {
        return byRevision.values().stream()
                .map(entries -> entries.decisions().peekLast())
                .filter(Objects::nonNull)
                .mapToInt(Decision::desired)
                .sum();
    }

    public synchronized void forget(RevisionId revision) {
        byRevision.remove(revision);
    }

    /** Newest first over all revisions of a service; empty when the service is not known. */
    public synchronized Optional<List<Decision>> latest(String namespace, String service, int limit) {
        List<Decision> found = new ArrayList<>();
        boolean known = false;
        for (Map.Entry<RevisionId, Entries> entry : byRevision.entrySet()) {
            if (entry.getKey().namespace().equals(namespace)
                    && entry.getValue().service().equals(service)) {
                known = true;
                found.addAll(entry.getValue().decisions().reversed());
            }
        }
        found.sort(Comparator.comparing(Decision::at).reversed());
        return known ? Optional.of(found.stream().limit(limit).toList()) : Optional.empty();
    }
}
