package dev.wisp.contracts.revision;

/**
 * What one instance may use.
 *
 * @param cpuMillicores thousandths of a core, cgroup quota
 * @param memoryBytes cgroup limit; an instance over it is killed
 * @param pidsMax processes and threads
 * @param writableBytesMax size of the writable layer (tmpfs, so it counts as memory too)
 * @param cpuRequestMillicores thousandths of a core that a node sets aside for it, 0..cpuMillicores; 0, as of what was published before
 *     there was a choice, for none
 */
public record Limits(
        int cpuMillicores, long memoryBytes, int pidsMax, long writableBytesMax, int cpuRequestMillicores) {

    public Limits {
        if (cpuMillicores < 1 || memoryBytes < 1 << 20 || pidsMax < 1 || writableBytesMax < 1 << 16) {
            throw new IllegalArgumentException(
                    "cpuMillicores=%d (>= 1), memoryBytes=%d (>= 1 MiB), pidsMax=%d (>= 1), writableBytesMax=%d (>= 64 KiB)"
                            .formatted(cpuMillicores, memoryBytes, pidsMax, writableBytesMax));
        }
        if (cpuRequestMillicores < 0 || cpuRequestMillicores > cpuMillicores) {
            throw new IllegalArgumentException("cpuRequestMillicores=%d, must be 0..cpuMillicores=%d"
                    .formatted(cpuRequestMillicores, cpuMillicores));
        }
    }

    /** Of an instance that no processor time is set aside for. */
    public Limits(int cpuMillicores, long memoryBytes, int pidsMax, long writableBytesMax) {
        this(cpuMillicores, memoryBytes, pidsMax, writableBytesMax, 0);
    }
}
