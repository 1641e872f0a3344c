package dev.wisp.node.sandbox;

import java.util.Locale;

/** What a sandbox could leave on its host. */
public enum Leak {
    /** A control group. */
    CGROUP,
    /** A network namespace that a descriptor of this process holds. */
    NETNS,
    /** A mount of the host. */
    MOUNT,
    /** An interface of the router. */
    VETH,
    /** A folder or a file of the image store. */
    DIR,
    /** A process with ids of sandboxes. */
    PROC;

    /** As it is called in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
