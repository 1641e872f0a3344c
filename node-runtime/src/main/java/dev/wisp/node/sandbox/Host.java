package dev.wisp.node.sandbox;

import dev.wisp.node.cgroup.CgroupTree;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.KernelProbe;
import dev.wisp.node.linux.LowDescriptors;
import dev.wisp.node.linux.Mounts;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.seccomp.SeccompFilter;
import dev.wisp.node.network.NamespaceSockets;
import org.jspecify.annotations.Nullable;

/** What of the host all sandboxes of a runtime share. */
record Host(
        Kernel kernel,
        Descriptors descriptors,
        LowDescriptors low,
        Processes processes,
        Mounts mounts,
        Sockets sockets,
        NamespaceSockets namespaceSockets,
        CgroupTree cgroups,
        int lock,
        Spawner spawner,
        SeccompFilter filter,
        int landlock,
        @Nullable ExecLabel label)
        implements AutoCloseable {

    /**
     * Nothing that would have to be closed is made before the name is its own.
     *
     * @throws IllegalStateException when another runtime has the prefix, or the host cannot label workloads as asked for
     */
    static Host open(String prefix, LabelConfig wanted) {
        ExecLabel label = LabelPolicy.choose(wanted, SecurityModules.observe());
        Kernel kernel = Kernel.load();
        Descriptors descriptors = new Descriptors(kernel);
        Processes processes = new Processes(kernel);
        Sockets sockets = new Sockets(kernel);
        CgroupTree cgroups = CgroupTree.open(descriptors, processes, prefix);
        int lock = lock(descriptors, cgroups, prefix);
        SeccompFilter filter = new SeccompFilter(kernel);
        return new Host(
                kernel,
                descriptors,
                new LowDescriptors(descriptors),
                processes,
                new Mounts(kernel),
                sockets,
                new NamespaceSockets(descriptors, processes, sockets),
                cgroups,
                lock,
                new Spawner(kernel, filter.early()),
                filter,
                new KernelProbe(kernel).landlock(),
                label);
    }

    /** The lock is on the branch itself, so that it cannot be held for another than is used, and it goes with the process. */
    private static int lock(Descriptors descriptors, CgroupTree cgroups, String prefix) {
        int folder = descriptors.open(cgroups.folder(), Named.O_DIRECTORY, 0);
        if (!descriptors.tryLock(folder)) {
            descriptors.close(folder);
            throw new IllegalStateException("prefix=%s, another runtime on this host uses it".formatted(prefix));
        }
        return folder;
    }

    @Override
    public void close() {
        namespaceSockets.close();
        spawner.close();
        cgroups.close();
        descriptors.close(lock);
        low.close();
        filter.close();
    }
}
