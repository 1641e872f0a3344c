package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;

/**
 * So much of a node.
 *
 * @param cpuMillicores of what instances may request
 */
record Room(long memoryBytes, int sandboxes, int cpuMillicores) {

    /** Whether one more sandbox fits; who requests nothing of the processors takes nothing of them. */
    boolean holds(Limits each) {
        return !lacksSandbox() && !lacksMemory(each) && !lacksCpu(each);
    }

    /** Whether one more sandbox would come nearer to fitting if that other one ended. */
    boolean gainsFor(Limits each, Limits other) {
        return lacksSandbox() || lacksMemory(each) || (lacksCpu(each) && other.cpuRequestMillicores() > 0);
    }

    Room and(Limits ended) {
        return new Room(memoryBytes + ended.memoryBytes(), sandboxes + 1, cpuMillicores + ended.cpuRequestMillicores());
    }

    Room with(Room other) {
        return new Room(
                memoryBytes + other.memoryBytes, sandboxes + other.sandboxes, cpuMillicores + other.cpuMillicores);
    }

    /** Below zero where there is not so much. */
    Room without(Limits taken) {
        return new Room(memoryBytes - taken.memoryBytes(), sandboxes - 1, cpuMillicores - taken.cpuRequestMillicores());
    }

    private boolean lacksSandbox() {
        return sandboxes < 1;
    }

    private boolean lacksMemory(Limits each) {
        return memoryBytes < each.memoryBytes();
    }

    private boolean lacksCpu(Limits each) {
        return each.cpuRequestMillicores() > 0 && cpuMillicores < each.cpuRequestMillicores();
    }
}
