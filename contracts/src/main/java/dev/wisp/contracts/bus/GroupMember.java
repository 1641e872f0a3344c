package dev.wisp.contracts.bus;

/**
 * Who reads a shared topic.
 *
 * @param group members of the same group divide the partitions among them
 * @param name one that is started again under its name before it was missed has its partitions back at once, and only one member may have
 *     it; empty for one that leaves the group when it closes
 */
public record GroupMember(String group, String name) {

    public GroupMember {
        if (group.isBlank()) {
            throw new IllegalArgumentException("group='', must not be empty");
        }
    }
}
