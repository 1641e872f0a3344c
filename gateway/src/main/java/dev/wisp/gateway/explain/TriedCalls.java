package dev.wisp.gateway.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/** The last calls of this gateway that did not simply go through, in memory: at most {@value #CALLS_MAX}, of 3 KiB each at most. Thread-safe. */
public final class TriedCalls {

    /** Calls that are kept. */
    public static final int CALLS_MAX = 1_000;

    private final SequencedMap<UUID, TriedCall> calls = new LinkedHashMap<>();

    /** The oldest is forgotten for it. */
    public synchronized void add(TriedCall call) {
        if (calls.size() == CALLS_MAX) {
            calls.pollFirstEntry();
        }
        calls.put(call.invocationId(), call);
    }

    /** Newest first. */
    public synchronized List<TriedCall> latest(int limit) {
        return calls.sequencedValues().reversed().stream().limit(limit).toList();
    }

    public synchronized Optional<TriedCall> find(UUID invocationId) {
        return Optional.ofNullable(calls.get(invocationId));
    }
}
