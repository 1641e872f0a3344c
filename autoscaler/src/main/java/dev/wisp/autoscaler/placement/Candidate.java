package dev.wisp.autoscaler.placement;

/**
 * A node that may come to a share.
 *
 * @param fitting instances that fit there
 * @param roomy those of them that leave the head-room free
 * @param key the lower, the better, among nodes that are new to the revision
 */
record Candidate(NodeRoom room, int fitting, int roomy, long key) {

    String nodeId() {
        return room.nodeId();
    }

    boolean isBefore(Candidate other) {
        return key < other.key || (key == other.key && nodeId().compareTo(other.nodeId()) < 0);
    }
}
