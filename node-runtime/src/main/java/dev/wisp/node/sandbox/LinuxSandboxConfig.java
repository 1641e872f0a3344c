package dev.wisp.node.sandbox;

import dev.wisp.node.network.EgressConfig;
import java.nio.file.Path;

/**
 * What the runtime is given by its host.
 *
 * @param layersFolder below it lie all layers; must be on a file system that can be mounted with mapped owners (ext4, xfs, btrfs, tmpfs)
 * @param prefix name of the branch of control groups; two runtimes on a host need two names, {@code [a-z0-9-]{1,32}}
 * @param uidBase first host user id for sandboxes; each takes {@link #IDS_OF_SANDBOX} from there, and nothing else on the host may use them
 * @param sandboxesMax most sandboxes at once, parked ones included, 1..16,384
 * @param parkedMin parked sandboxes held while nothing starts
 * @param parkedMax most parked sandboxes held; one costs about 200 KiB of kernel memory
 * @param egress how sandboxes that ask for it reach the world
 * @param label who workloads are to the host's security module
 */
public record LinuxSandboxConfig(
        Path layersFolder,
        String prefix,
        long uidBase,
        int sandboxesMax,
        int parkedMin,
        int parkedMax,
        EgressConfig egress,
        LabelConfig label) {

    /** Above what distributions give to people, services and {@code subuid}. */
    public static final long UID_BASE_DEFAULT = 0x4000_0000L;

    /** Most at once on a node that is not told otherwise. */
    public static final int SANDBOXES_MAX_DEFAULT = 1_000;

    /** One more than a sandbox sees, so that the kernel does not keep all of them in one list. */
    public static final int IDS_OF_SANDBOX = 65_537;

    public LinuxSandboxConfig {
        if (!prefix.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("prefix=%s, must match [a-z0-9-]{1,32}".formatted(prefix));
        }
        if (sandboxesMax < 1 || sandboxesMax > 16_384) {
            throw new IllegalArgumentException("sandboxesMax=%d, must be 1..16384".formatted(sandboxesMax));
        }
        if (parkedMin < 0 || parkedMax < parkedMin || parkedMax > sandboxesMax) {
            throw new IllegalArgumentException(
                    "parkedMin=%d, parkedMax=%d, must be 0 <= parkedMin <= parkedMax <= sandboxesMax=%d"
                            .formatted(parkedMin, parkedMax, sandboxesMax));
        }
        if (uidBase < 65_536 || uidBase + (long) IDS_OF_SANDBOX * sandboxesMax > 0xFFFF_0000L) {
            throw new IllegalArgumentException(
                    "uidBase=%d, must leave room for 65537 ids a sandbox below 4294901760".formatted(uidBase));
        }
        layersFolder = layersFolder.toAbsolutePath().normalize();
    }

    /** With the label that is the default. */
    public LinuxSandboxConfig(
            Path layersFolder,
            String prefix,
            long uidBase,
            int sandboxesMax,
            int parkedMin,
            int parkedMax,
            EgressConfig egress) {
        this(layersFolder, prefix, uidBase, sandboxesMax, parkedMin, parkedMax, egress, LabelConfig.byDefault());
    }

    /** With egress as it is by default too. */
    public LinuxSandboxConfig(
            Path layersFolder, String prefix, long uidBase, int sandboxesMax, int parkedMin, int parkedMax) {
        this(layersFolder, prefix, uidBase, sandboxesMax, parkedMin, parkedMax, EgressConfig.byDefault(prefix));
    }
}
