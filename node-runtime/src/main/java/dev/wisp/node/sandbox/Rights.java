package dev.wisp.node.sandbox;

import dev.wisp.contracts.revision.Capability;
import java.util.List;

/**
 * Capabilities that a workload keeps inside its own user namespace, as the kernel's bits.
 *
 * <p>Never inheritable (CVE-2022-24769), and so never ambient: only root inside has them, as in Docker and Kubernetes.
 */
record Rights(long bits) {

    static final Rights NONE = new Rights(0);

    /** What this user gets of what the revision asks for. */
    static Rights of(List<Capability> asked, ImageUser user) {
        return user.uid() == 0
                ? new Rights(asked.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b))
                : NONE;
    }

    boolean isNone() {
        return bits == 0;
    }

    boolean has(int capability) {
        return (bits >> capability & 1) == 1;
    }

    boolean has(Capability capability) {
        return (bits & capability.bit()) != 0;
    }
}
