package dev.wisp.node.instance;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the parts of this package need to know, from {@link InstanceConfig}.
 *
 * @param stateFolder where the last known revisions and plans are kept
 * @param cpuMillicoresMax processor time that instances may request together
 * @param frozenHeadroomPercent share of memory and sandboxes that instances which are kept frozen beyond their keep-alive leave free
 */
public record InstanceSettings(
        String nodeId,
        Path stateFolder,
        long memoryBytesMax,
        int sandboxesMax,
        int cpuMillicoresMax,
        int startParallelism,
        int prepareParallelism,
        Duration stopGrace,
        Duration drainTimeout,
        int burstWithoutPlan,
        int frozenHeadroomPercent) {

    public InstanceSettings {
        if (sandboxesMax < 1 || startParallelism < 1 || prepareParallelism < 1 || burstWithoutPlan < 0) {
            throw new IllegalArgumentException(
                    "wisp.node.instance: sandboxes-max=%d, start-parallelism=%d, prepare-parallelism=%d, must be >= 1"
                            .formatted(sandboxesMax, startParallelism, prepareParallelism));
        }
        if (cpuMillicoresMax < 0) {
            throw new IllegalArgumentException("wisp.node.instance.cpu-request-percent must be >= 0");
        }
        if (frozenHeadroomPercent < 0 || frozenHeadroomPercent > 100) {
            throw new IllegalArgumentException(
                    "wisp.node.instance.frozen-headroom-percent=%d, must be 0 to 100".formatted(frozenHeadroomPercent));
        }
    }

    public static InstanceSettings of(InstanceConfig config, String nodeId, Path stateFolder) {
        return new InstanceSettings(
                nodeId,
                stateFolder,
                config.memoryMax().map(size -> size.asLongValue()).orElseGet(InstanceSettings::defaultMemoryBytesMax),
                config.sandboxesMax(),
                Runtime.getRuntime().availableProcessors() * 10 * config.cpuRequestPercent(),
                config.startParallelism(),
                config.prepareParallelism(),
                config.stopGrace(),
                config.drainTimeout(),
                config.burstWithoutPlan(),
                config.frozenHeadroomPercent());
    }

    /** The rest is for the JVM, the broker, the database and the page cache. */
    private static long defaultMemoryBytesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() / 10 * 8
                : 1L << 30;
    }
}
