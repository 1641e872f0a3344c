package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.gateway.ejection.EjectionLimits;
import dev.wisp.gateway.ejection.EjectionPolicy;
import dev.wisp.gateway.ejection.EjectionPolicy.Decision;
import dev.wisp.gateway.ejection.EjectionPolicy.Failure;
import dev.wisp.gateway.ejection.EjectionPolicy.Health;
import dev.wisp.gateway.metric.GatewayMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** The instances of one revision that may be sent requests, oldest first; owned by the revision's event loop. */
final class InstancePool {

    /** Refused instances remembered, so that an event which was under way when one refused does not bring it back. */
    private static final int REFUSED_MAX = 256;

    private final List<Instance> instances = new ArrayList<>();
    private final HeldFirst heldFirst = new HeldFirst();
    private final Map<String, Instant> refused = new LinkedHashMap<>();
    private final EjectionLimits limits;
    private final GatewayMetrics metrics;
    private final DoubleSupplier roll;
    private int ejected;
    private String lastEjection = "";

    /** {@code roll} gives numbers in [0, 1). */
    InstancePool(EjectionLimits limits, GatewayMetrics metrics, DoubleSupplier roll) {
        this.roll = roll;
        this.limits = limits;
        this.metrics = metrics;
    }

    /** One instance and what this gateway has inside it. */
    static final class Instance implements BalancePolicy.Load {

        private final String id;
        private final String nodeId;
        private final int slots;
        private int inFlight;
        private @Nullable StartTiming freshTiming;
        private long askedNanos;
        private Health health = Health.WELL;
        private boolean open = true;

        /** A call was let through that decides whether it is left alone longer. */
        private boolean tried;

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

        @Override
        public boolean isOpen() {
            return open;
        }

        private void mayBeTried(long nowNanos) {
            open = !health.isEjected() || (!tried && nowNanos - health.untilNanos() >= 0);
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
    Instance acquire(BalancePolicy.@Nullable Load last, long nowNanos) {
        if (ejected > 0) {
            for (Instance instance : instances) {
                instance.mayBeTried(nowNanos);
            }
        }
        Instance instance = heldFirst.choose(last, roll);
        if (instance == null) {
            return null;
        }
        instance.inFlight++;
        if (instance.health.isEjected()) {
            instance.tried = true;
            instance.open = false;
        }
        return instance;
    }

    /** Takes over how many the plan holds on each node. */
    void planned(RevisionPlan plan) {
        heldFirst.planned(plan, instances);
    }

    /** Gives the slot of a call back whose end says nothing of the instance. */
    void release(Instance instance) {
        instance.inFlight--;
        instance.tried = false;
    }

    /** Gives the slot of a call back that the instance answered. */
    void answered(Instance instance) {
        release(instance);
        if (!instance.health.equals(Health.WELL)) {
            become(instance, Health.WELL);
        }
    }

    /** Gives the slot of a call back that the instance failed; it may be left alone for that. Says why or why not. */
    Decision failed(Instance instance, Failure failure, Instant at, long nowNanos) {
        boolean late = instance.health.isEjected() && !instance.tried;
        release(instance);
        if (late || !instances.contains(instance)) {
            return new Decision.Keep(instance.health, "it is left alone already");
        }
        int others = ejected - (instance.health.isEjected() ? 1 : 0);
        Decision decision = EjectionPolicy.failed(instance.health, failure, instances.size(), others, nowNanos, limits);
        switch (decision) {
            case Decision.Keep keep -> become(instance, keep.health());
            case Decision.Eject eject -> {
                metrics.ejection(failure);
                lastEjection = "instance %s, %s".formatted(instance.id, eject.reason());
                become(instance, eject.health());
            }
            case Decision.Forget forget -> refused(instance, at);
        }
        return decision;
    }

    /** When one that is left alone may be tried, {@link Long#MAX_VALUE} for never. */
    long nextTrialNanos() {
        long next = Long.MAX_VALUE;
        for (Instance instance : instances) {
            if (instance.health.isEjected() && !instance.tried) {
                next = Math.min(next, instance.health.untilNanos());
            }
        }
        return next;
    }

    /** Which are left alone, a clause for people; empty when none are. */
    String leftAlone() {
        return ejected == 0
                ? ""
                : "%d of %d instances are left alone, the last was %s"
                        .formatted(ejected, instances.size(), lastEjection);
    }

    /** No request will come any more. */
    void close() {
        instances.forEach(instance -> become(instance, Health.WELL));
    }

    private void become(Instance instance, Health health) {
        ejectedMore((health.isEjected() ? 1 : 0) - (instance.health.isEjected() ? 1 : 0));
        instance.health = health;
        instance.open = !health.isEjected();
    }

    private void ejectedMore(int count) {
        ejected += count;
        metrics.ejectedMore(count);
    }

    private boolean drop(Instance instance) {
        // Calls that are still inside it may end well.
        become(instance, Health.WELL);
        boolean known = instances.remove(instance);
        heldFirst.arrange(instances);
        return known;
    }

    /** The instance of that id, added when it was not known. */
    Instance add(String id, String nodeId, int slots) {
        Instance known = find(id);
        if (known != null) {
            return known;
        }
        Instance added = new Instance(id, nodeId, slots);
        instances.add(added);
        heldFirst.arrange(instances);
        return added;
    }

    /**
     * Adds an instance that was announced, unless it refused a request after that, or refused one and is full: its slots are those of another
     * gateway's calls then, and a request that it is offered to again and again would run out of attempts.
     */
    void announce(InstanceEvent event) {
        Instant refusedAt = refused.get(event.instanceId());
        boolean full = event.slots() > 0 && event.inFlight() >= event.slots();
        if (refusedAt == null || (event.at().isAfter(refusedAt) && !full)) {
            refused.remove(event.instanceId());
            add(event.instanceId(), event.nodeId(), event.slots());
        }
    }

    /** It is gone or going; requests inside it end on their own. Whether it was known. */
    boolean remove(String id) {
        Instance known = find(id);
        return known != null && drop(known);
    }

    void refused(Instance instance, Instant at) {
        drop(instance);
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
