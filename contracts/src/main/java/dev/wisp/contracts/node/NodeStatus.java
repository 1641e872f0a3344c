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
        @Nullable Integer cpuMillicoresFree) {

    /** How often a node reports; one that missed three is lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    public NodeStatus {
        labels = Map.copyOf(labels);
        taints = taints == null ? List.of() : List.copyOf(taints);
        cpuMillicoresFree = cpuMillicoresFree == null ? Integer.valueOf(cpuMillicores) : cpuMillicoresFree;
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
                cpuMillicores);
    }

    @Override
    public List<Taint> taints() {
        return Objects.requireNonNull(taints, "taints");
    }

    @Override
    public Integer cpuMillicoresFree() {
        return Objects.requireNonNull(cpuMillicoresFree, "cpuMillicoresFree");
    }
}
