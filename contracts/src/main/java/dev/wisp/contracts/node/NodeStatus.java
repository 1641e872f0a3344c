package dev.wisp.contracts.node;

import dev.wisp.contracts.placement.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node's heartbeat.
 *
 * @param address {@code host:port} of its data-plane listener, empty when it serves only the gateway in its own process
 * @param cpuMillicores capacity
 * @param memoryBytes capacity for sandboxes
 * @param memoryBytesFree capacity not promised to instances
 * @param sandboxesMax most sandboxes at once
 * @param sandboxes sandboxes now
 * @param schedulable false while it drains
 * @param labels what revisions choose nodes by
 * @param taints what keeps revisions off it; a node of before there were any has none
 * @param cpuMillicoresFree what may still be set aside for instances that request processor time; a node of before there were such
 *     requests has all of it
 * @param evictable what of the rest frozen instances hold that end as soon as another needs it; a node of before there were such has none
 */
public record NodeStatus(
        String nodeId,
        String address,
        int cpuMillicores,
        long memoryBytes,
        long memoryBytesFree,
        int sandboxesMax,
        int sandboxes,
        boolean schedulable,
        Map<String, String> labels,
        Instant at,
        @Nullable List<Taint> taints,
        @Nullable Integer cpuMillicoresFree,
        @Nullable Evictable evictable) {

    /** Held by frozen instances beyond what plans hold. */
    public record Evictable(long memoryBytes, int sandboxes, int cpuMillicores) {

        public static final Evictable NONE = new Evictable(0, 0, 0);
    }

    /** How often a node reports; one that missed three is lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    public NodeStatus {
        labels = Map.copyOf(labels);
        taints = taints == null ? List.of() : List.copyOf(taints);
        cpuMillicoresFree = cpuMillicoresFree == null ? Integer.valueOf(cpuMillicores) : cpuMillicoresFree;
        evictable = evictable == null ? Evictable.NONE : evictable;
    }

    /** One without taints that nothing has requested processor time of. */
    public NodeStatus(
            String nodeId,
            String address,
            int cpuMillicores,
            long memoryBytes,
            long memoryBytesFree,
            int sandboxesMax,
            int sandboxes,
            boolean schedulable,
            Map<String, String> labels,
            Instant at) {
        this(
                nodeId,
                address,
                cpuMillicores,
                memoryBytes,
                memoryBytesFree,
                sandboxesMax,
                sandboxes,
                schedulable,
                labels,
                at,
                List.of(),
                cpuMillicores,
                Evictable.NONE);
    }

    @Override
    public List<Taint> taints() {
        return Objects.requireNonNull(taints, "taints");
    }

    @Override
    public Integer cpuMillicoresFree() {
        return Objects.requireNonNull(cpuMillicoresFree, "cpuMillicoresFree");
    }

    @Override
    public Evictable evictable() {
        return Objects.requireNonNull(evictable, "evictable");
    }

    /** What can be had for another instance: free, or given up for it. */
    public long memoryBytesAvailable() {
        return memoryBytesFree + evictable().memoryBytes();
    }

    /** As {@link #memoryBytesAvailable()}, of sandboxes. */
    public int sandboxesAvailable() {
        return sandboxesMax - sandboxes + evictable().sandboxes();
    }

    /** As {@link #memoryBytesAvailable()}, of what is requested of the processors. */
    public int cpuMillicoresAvailable() {
        return cpuMillicoresFree() + evictable().cpuMillicores();
    }
}
