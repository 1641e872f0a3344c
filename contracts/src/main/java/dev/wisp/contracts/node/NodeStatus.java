package dev.wisp.contracts.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

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
        Instant at) {

    /** How often a node reports; one that missed three is lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    public NodeStatus {
        labels = Map.copyOf(labels);
    }
}
