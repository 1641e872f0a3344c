package dev.wisp.node.instance;

import dev.wisp.contracts.revision.RevisionSpec;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the parts of this package need to know, from {@link InstanceConfig}.
 *
 * @param stateFolder where the last known revisions and plans are kept
 * @param cpuMillicoresMax processor time that instances may request together
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
        int burstWithoutPlan) {

    public InstanceSettings {
        if (sandboxesMax < 1 || startParallelism < 1 || prepareParallelism < 1 || burstWithoutPlan < 0) {
            throw new IllegalArgumentException(
                    "wisp.node.instance: sandboxes-max=%d, start-parallelism=%d, prepare-parallelism=%d, must be >= 1"
                            .formatted(sandboxesMax, startParallelism, prepareParallelism));
        }
        if (cpuMillicoresMax < 0) {
            throw new IllegalArgumentException("wisp.node.instance.cpu-request-percent must be >= 0");
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
                config.burstWithoutPlan());
    }

    /** The rest is for the JVM, the broker, the database and the page cache. */
    private static long defaultMemoryBytesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() / 10 * 8
                : 1L << 30;
    }

    Duration freezeAfter(RevisionSpec spec) {
        return Duration.ofMillis(spec.scaling().freezeAfterMillis());
    }

    Duration keepAlive(RevisionSpec spec) {
        return Duration.ofMillis(spec.scaling().keepAliveMillis());
    }
}
