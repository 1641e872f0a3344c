package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.StartTiming;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The instances of one revision that may be sent requests, oldest first; owned by the revision's event loop. */
final class InstancePool {

    /** Refused instances remembered, so that an event which was under way when one refused does not bring it back. */
    private static final int REFUSED_MAX = 256;

    private final List<Instance> instances = new ArrayList<>();
    private final Map<String, Instant> refused = new LinkedHashMap<>();

    /** One instance and what this gateway has inside it. */
    static final class Instance implements BalancePolicy.Load {

        private final String id;
        private final String nodeId;
        private final int slots;
        private int inFlight;
        private @Nullable StartTiming freshTiming;
        private long askedNanos;

        private Instance(String id, String nodeId, int slots) {
            this.id = id;
            this.nodeId = nodeId;
            this.slots = slots;
        }

        String id() {
            return id;
        }

        String nodeId() {
            return nodeId;
        }

        @Override
        public int slots() {
            return slots;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        /** How its start went, while the requests that waited for that start are handed out; null afterwards. */
        @Nullable
        StartTiming freshTiming() {
            return freshTiming;
        }

        long askedNanos() {
            return askedNanos;
        }

        void fresh(StartTiming timing, long startAskedNanos) {
            freshTiming = timing;
            askedNanos = startAskedNanos;
        }

        void settled() {
            freshTiming = null;
        }
    }

    /** Takes a slot, in {@code last} only if no other is free; null when none is. */
    @Nullable
    Instance acquire(BalancePolicy.@Nullable Load last) {
        int chosen = BalancePolicy.choose(instances, last);
        if (chosen == BalancePolicy.NONE) {
            return null;
        }
        Instance instance = instances.get(chosen);
        instance.inFlight++;
        return instance;
    }

    void release(Instance instance) {
        instance.inFlight--;
    }

    /** The instance of that id, added when it was not known. */
    Instance add(String id, String nodeId, int slots) {
        Instance known = find(id);
        if (known != null) {
            return known;
        }
        Instance added = new Instance(id, nodeId, slots);
        instances.add(added);
        return added;
    }

    /** Adds an instance that was announced, unless it refused a request after that. */
    void announce(String id, String nodeId, int slots, Instant at) {
        Instant refusedAt = refused.get(id);
        if (refusedAt == null || at.isAfter(refusedAt)) {
            refused.remove(id);
            add(id, nodeId, slots);
        }
    }

    /** It is gone or going; requests inside it end on their own. Whether it was known. */
    boolean remove(String id) {
        return instances.removeIf(instance -> instance.id.equals(id));
    }

    void refused(Instance instance, Instant at) {
        instances.remove(instance);
        refused.put(instance.id, at);
        if (refused.size() > REFUSED_MAX) {
            refused.remove(refused.keySet().iterator().next());
        }
    }

    int size() {
        return instances.size();
    }

    int liveOn(String nodeId) {
        int live = 0;
        for (Instance instance : instances) {
            if (instance.nodeId.equals(nodeId)) {
                live++;
            }
        }
        return live;
    }

    private @Nullable Instance find(String id) {
        for (Instance instance : instances) {
            if (instance.id.equals(id)) {
                return instance;
            }
        }
        return null;
    }
}
