package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.node.LossPolicy;
import dev.wisp.autoscaler.node.NodeView;
import dev.wisp.autoscaler.placement.NodeRoom;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.instance.InstanceEvent.State;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeOrder.Wish;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.placement.Taint;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes and the instances on them as last heard. Owned by the loop's thread. */
final class Fleet {

    private static final Duration LOST_AFTER = NodeStatus.HEARTBEAT.multipliedBy(3);

    /** Who hears nobody for so long is cut off itself, or stood still: no node is lost by that. */
    private static final Duration DEAF_AFTER = NodeStatus.HEARTBEAT.multipliedBy(2);

    private final Map<String, Heartbeat> nodes = new HashMap<>();
    private final Map<String, NodeOrder> orders = new HashMap<>();
    private final Map<String, InstanceEvent> instances = new HashMap<>();
    private final Map<RevisionId, Set<String>> instancesByRevision = new HashMap<>();
    private final NodeDoubts doubts = new NodeDoubts();
    /** Why nodes were given up before they had missed three heartbeats, until they are heard again. */
    private final Map<String, String> givenUp = new HashMap<>();

    private Set<Outline> outlines = Set.of();
    /** When any node was last heard. */
    private Instant heardAt = Instant.MIN;
    /** No node can be lost before: looking at all of them with each heartbeat of a thousand would be a million looks a second. */
    private Instant nextLossAt = Instant.MIN;

    /** Heartbeats are aged by when they came, so that clocks need not agree. */
    private record Heartbeat(NodeStatus status, Instant seenAt) {}

    /** A node as coarsely as it matters to plans that are not changing: free room in steps of two. */
    private record Outline(
            String nodeId,
            boolean schedulable,
            @Nullable Wish wish,
            long memoryStep,
            int cpuStep,
            int sandboxStep,
            Map<String, String> labels,
            List<Taint> taints) {}

    /** Takes what a node said before this process began to listen. */
    void recall(String nodeId, NodeStatus status) {
        nodes.put(nodeId, new Heartbeat(status, status.at()));
        heardAt = heardAt.isBefore(status.at()) ? status.at() : heardAt;
        nextLossAt = Instant.MIN;
    }

    /** Whether plans cannot wait: the node is new, came back or stops, or its heartbeat is one that others have missed too often. */
    boolean see(String nodeId, @Nullable NodeStatus status, Instant seenAt) {
        if (status == null) {
            givenUp.remove(nodeId);
            return nodes.remove(nodeId) != null;
        }
        Heartbeat last = nodes.get(nodeId);
        boolean back = last == null || !isAlive(last, heardAt) || last.status().schedulable() != status.schedulable();
        Instant before = heardAt;
        hear(seenAt);
        givenUp.remove(nodeId);
        nodes.put(nodeId, new Heartbeat(status, seenAt));
        return isAnyLostSince(before) || back;
    }

    /** Takes what a gateway says of the nodes it cannot reach; whether one of them is lost by that, so that plans cannot wait. */
    boolean doubt(DemandReport report, Instant now) {
        doubts.see(report, now);
        boolean lost = false;
        for (String nodeId : report.unreachable()) {
            Heartbeat heartbeat = nodes.get(nodeId);
            if (heartbeat != null && isAlive(heartbeat, heardAt) && isHeardAfter(heartbeat, now)) {
                lost |= giveUp(nodeId, Duration.between(heartbeat.seenAt(), now));
            }
        }
        return lost;
    }

    private boolean giveUp(String nodeId, Duration silent) {
        int refused = doubts.refused(nodeId);
        if (!LossPolicy.isLost(silent, doubts.gateways(), refused)) {
            return false;
        }
        givenUp.put(nodeId, LossPolicy.reason(nodeId, silent, doubts.gateways(), refused));
        return true;
    }

    /** Its silence is its own: others were heard since, and are not silent themselves. */
    private boolean isHeardAfter(Heartbeat heartbeat, Instant now) {
        return heardAt.isAfter(heartbeat.seenAt()) && heardAt.isAfter(now.minus(DEAF_AFTER));
    }

    /** Why those of the shares are void whose nodes were given up early; empty without any. */
    String losses(List<NodeShare> shares) {
        return shares.stream()
                .map(share -> givenUp.getOrDefault(share.nodeId(), ""))
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Takes what is wanted of a node, null for nothing. */
    void order(String nodeId, @Nullable NodeOrder order) {
        if (order == null) {
            orders.remove(nodeId);
        } else {
            orders.put(nodeId, order);
        }
    }

    /** Every node that was ever heard of and did not say that it is gone. */
    List<NodeView> views() {
        Map<String, Integer> counts = new HashMap<>();
        instances.values().forEach(event -> counts.merge(event.nodeId(), 1, Integer::sum));
        return nodes.values().stream()
                .map(heartbeat -> NodeView.of(
                        heartbeat.status(),
                        isAlive(heartbeat, heardAt),
                        orders.get(heartbeat.status().nodeId()),
                        counts.getOrDefault(heartbeat.status().nodeId(), 0)))
                .toList();
    }

    /** The revision whose instances changed in state or number, null when none did. */
    @Nullable
    RevisionId see(String instanceId, @Nullable InstanceEvent event) {
        InstanceEvent last = instances.get(instanceId);
        if (event == null || event.state() == State.GONE) {
            instances.remove(instanceId);
            return last == null ? null : forget(last);
        }
        instances.put(instanceId, event);
        instancesByRevision
                .computeIfAbsent(event.revision(), id -> new HashSet<>())
                .add(instanceId);
        return last != null && last.state() == event.state() ? null : event.revision();
    }

    private RevisionId forget(InstanceEvent last) {
        instancesByRevision.computeIfPresent(last.revision(), (id, ids) -> {
            ids.remove(last.instanceId());
            return ids.isEmpty() ? null : ids;
        });
        return last.revision();
    }

    /** Whether nodes came, went, or gained or lost so much room that every plan should be looked at again. */
    boolean changed() {
        Set<Outline> seen = new HashSet<>();
        for (Heartbeat heartbeat : nodes.values()) {
            if (isAlive(heartbeat, heardAt)) {
                seen.add(outline(heartbeat.status()));
            }
        }
        boolean changed = !seen.equals(outlines);
        outlines = seen;
        return changed;
    }

    /** Starting and ready instances by node; those on lost nodes do not count. */
    Map<String, Integer> existing(RevisionId revision) {
        Map<String, Integer> counts = new HashMap<>();
        for (InstanceEvent event : live(revision)) {
            if (event.state() != State.DRAINING) {
                counts.merge(event.nodeId(), 1, Integer::sum);
            }
        }
        return counts;
    }

    int ready(RevisionId revision) {
        return (int) live(revision).stream()
                .filter(event -> event.state() == State.READY)
                .count();
    }

    /** Room on the nodes that are alive, what frozen instances would give up included, less what {@code promised} says was planned there and does not run yet. */
    List<NodeRoom> rooms(Promised promised) {
        List<NodeRoom> rooms = new ArrayList<>();
        for (Heartbeat heartbeat : nodes.values()) {
            if (isAlive(heartbeat, heardAt)) {
                rooms.add(room(heartbeat.status(), promised));
            }
        }
        return rooms;
    }

    /** Of a node that has been heard of. */
    NodeRoom room(String nodeId, Promised promised) {
        return room(Objects.requireNonNull(nodes.get(nodeId), nodeId).status(), promised);
    }

    /** A cordoned node is as good as full: it keeps what it has. */
    private NodeRoom room(NodeStatus status, Promised promised) {
        Wish wish = wish(status.nodeId());
        return new NodeRoom(
                status.nodeId(),
                status.schedulable() && wish != Wish.DRAIN,
                status.cpuMillicores(),
                status.cpuMillicoresAvailable() - promised.cpuMillicores(status.nodeId()),
                status.memoryBytes(),
                status.memoryBytesAvailable() - promised.memoryBytes(status.nodeId()),
                wish == Wish.CORDON ? 0 : status.sandboxesAvailable() - promised.sandboxes(status.nodeId()),
                status.labels(),
                status.taints());
    }

    private @Nullable Wish wish(String nodeId) {
        NodeOrder order = orders.get(nodeId);
        return order == null ? null : order.wish();
    }

    private List<InstanceEvent> live(RevisionId revision) {
        List<InstanceEvent> live = new ArrayList<>();
        for (String instanceId : instancesByRevision.getOrDefault(revision, Set.of())) {
            InstanceEvent event = instances.get(instanceId);
            if (event != null && isAlive(nodes.get(event.nodeId()), heardAt)) {
                live.add(event);
            }
        }
        return live;
    }

    /** After a silence of all, who was not lost when it began is given time to be heard again. */
    private void hear(Instant at) {
        Instant last = heardAt;
        if (last.isBefore(at.minus(DEAF_AFTER))) {
            nodes.replaceAll((nodeId, heartbeat) ->
                    isAlive(heartbeat, last) ? new Heartbeat(heartbeat.status(), at) : heartbeat);
        }
        heardAt = last.isBefore(at) ? at : last;
    }

    private boolean isAnyLostSince(Instant before) {
        if (heardAt.isBefore(nextLossAt)) {
            return false;
        }
        boolean lost = false;
        nextLossAt = Instant.MAX;
        for (Heartbeat heartbeat : nodes.values()) {
            if (isAlive(heartbeat, heardAt)) {
                Instant lossAt = heartbeat.seenAt().plus(LOST_AFTER);
                nextLossAt = lossAt.isBefore(nextLossAt) ? lossAt : nextLossAt;
            } else {
                lost |= isAlive(heartbeat, before);
            }
        }
        return lost;
    }

    /**
     * Silence counts only while others are heard after it: with the broker away, or this replica cut off, nobody is, and every plan would be
     * for no node at all.
     */
    private boolean isAlive(@Nullable Heartbeat heartbeat, Instant lastHeardAt) {
        return heartbeat != null
                && !givenUp.containsKey(heartbeat.status().nodeId())
                && lastHeardAt.isBefore(heartbeat.seenAt().plus(LOST_AFTER));
    }

    private Outline outline(NodeStatus status) {
        return new Outline(
                status.nodeId(),
                status.schedulable(),
                wish(status.nodeId()),
                Long.highestOneBit(Math.max(0, status.memoryBytesAvailable())),
                Integer.highestOneBit(Math.max(0, status.cpuMillicoresAvailable())),
                Integer.highestOneBit(Math.max(0, status.sandboxesAvailable())),
                status.labels(),
                status.taints());
    }
}
