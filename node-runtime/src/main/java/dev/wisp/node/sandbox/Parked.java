package dev.wisp.node.sandbox;

import dev.wisp.node.cgroup.Cgroup;
import dev.wisp.node.cgroup.CgroupLimits;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Table;
import dev.wisp.node.network.EgressLeg;
import org.jspecify.annotations.Nullable;

/**
 * A child that waits behind the gate, with everything that belongs to it. Whoever has it owns it: it becomes one sandbox or is thrown away, and is never
 * used twice.
 *
 * @param slot its number, which also names its control group and its range of user ids
 * @param rootUid host user id of its root
 * @param socket a socket in its network namespace, not yet connected
 * @param stdout end of the pipe that the runtime reads
 * @param limits what its group is limited to already
 * @param cpuMicros processor time its group had used when it was parked
 * @param bounds what its file systems hold at most already
 * @param mounted the image it is bound to, null for one that can become anything
 * @param leg its way out, null for one that has none
 */
record Parked(
        int slot,
        long rootUid,
        Spawner.Child child,
        Table table,
        Cgroup cgroup,
        int socket,
        int stdout,
        int stderr,
        CgroupLimits limits,
        long cpuMicros,
        WriteBounds bounds,
        @Nullable ImageRoot mounted,
        @Nullable EgressLeg leg) {

    Parked mounted(ImageRoot root, long cpuMicrosNow) {
        return new Parked(
                slot,
                rootUid,
                child,
                table,
                cgroup,
                socket,
                stdout,
                stderr,
                limits,
                cpuMicrosNow,
                root.bounds(),
                root,
                leg);
    }

    Parked connected(EgressLeg way) {
        return new Parked(
                slot, rootUid, child, table, cgroup, socket, stdout, stderr, limits, cpuMicros, bounds, mounted, way);
    }
}
