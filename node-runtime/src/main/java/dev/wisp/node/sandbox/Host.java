package dev.wisp.node.sandbox;

import dev.wisp.node.cgroup.CgroupTree;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Mounts;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.seccomp.SeccompFilter;
import dev.wisp.node.network.NamespaceSockets;

/** What of the host all sandboxes of a runtime share. */
record Host(
        Kernel kernel,
        Descriptors descriptors,
        Processes processes,
        Mounts mounts,
        Sockets sockets,
        NamespaceSockets namespaceSockets,
        CgroupTree cgroups,
        Spawner spawner,
        SeccompFilter filter)
        implements AutoCloseable {

    static Host open(String prefix) {
        Kernel kernel = Kernel.load();
        Descriptors descriptors = new Descriptors(kernel);
        Processes processes = new Processes(kernel);
        Sockets sockets = new Sockets(kernel);
        return new Host(
                kernel,
                descriptors,
                processes,
                new Mounts(kernel),
                sockets,
                new NamespaceSockets(descriptors, processes, sockets),
                CgroupTree.open(descriptors, prefix),
                new Spawner(kernel),
                new SeccompFilter(kernel));
    }

    @Override
    public void close() {
        namespaceSockets.close();
        spawner.close();
        cgroups.close();
        filter.close();
    }
}
