package dev.wisp.node.cgroup;

/**
 * What the processes of one group may use together.
 *
 * @param cpuMillicores thousandths of a core
 * @param memoryBytes everything the kernel counts: pages, page cache, tmpfs, kernel memory; swap is not given on top
 * @param pidsMax processes and threads
 */
public record CgroupLimits(int cpuMillicores, long memoryBytes, int pidsMax) {

    /** The kernel's period; a quota below a hundredth of it is refused by the kernel. */
    static final int CPU_PERIOD_MICROS = 100_000;

    private static final int CPU_QUOTA_MICROS_MIN = 1_000;

    /** Weight against other groups on v1, where 1024 is the usual: a core's worth here, as elsewhere. */
    long cpuShares() {
        return Math.clamp(cpuMillicores * 1024L / 1000, 2, 262_144);
    }

    /** Weight against other groups on v2, where 100 is the usual. */
    long cpuWeight() {
        return Math.clamp(cpuMillicores / 10L, 1, 10_000);
    }

    long cpuQuotaMicros() {
        return Math.max(CPU_QUOTA_MICROS_MIN, (long) cpuMillicores * CPU_PERIOD_MICROS / 1000);
    }
}
