package dev.wisp.node.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the sandboxes of this node. */
@ConfigMapping(prefix = "wisp.node.sandbox")
public interface SandboxSettings {

    /** Name of the branch of control groups; two nodes on one host need two names. */
    @WithDefault("wisp")
    String prefix();

    /** First of the host's user ids that sandboxes take, 65,537 each; two nodes on one host need ranges that do not overlap. */
    @WithDefault("1073741824")
    long uidBase();

    /** Sandboxes parked while nothing starts. */
    @WithDefault("4")
    int parkedMin();

    /** Most sandboxes parked; one costs about 200 KiB. */
    @WithDefault("16")
    int parkedMax();

    /**
     * AppArmor profile of workloads: {@code auto} for {@code wisp-sandbox} where that is loaded, {@code none}, or the name of a loaded one. The node does not start
     * without the one that is named.
     */
    @WithDefault("auto")
    String apparmorProfile();

    /** SELinux context of workloads, or {@code none} for the policy's own choice. */
    @WithDefault("none")
    String selinuxLabel();
}
