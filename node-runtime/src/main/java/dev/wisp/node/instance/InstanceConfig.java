package dev.wisp.node.instance;

import dev.wisp.node.sandbox.LinuxSandboxConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of instances on this node. */
@ConfigMapping(prefix = "wisp.node.instance")
public interface InstanceConfig {

    /** Memory for sandboxes: the sum of their limits never exceeds it. Default: 80 % of the machine's. */
    Optional<MemorySize> memoryMax();

    /** Most sandboxes at once. */
    @WithDefault("" + LinuxSandboxConfig.SANDBOXES_MAX_DEFAULT)
    int sandboxesMax();

    /**
     * Processor time that instances may request together, in percent of the machine's: above 100 requests are no longer kept when all work
     * at once. Who requests none takes none of it.
     */
    @WithDefault("100")
    int cpuRequestPercent();

    /**
     * Memory and sandboxes, in percent of what there is, that instances which are {@code wisp.dev/keep-frozen} beyond their keep-alive leave free: they end,
     * the least worth first, where less is. Also the share of the machine's memory that must be available, of which half is left before frozen instances
     * within their keep-alive end, too.
     */
    @WithDefault("10")
    int frozenHeadroomPercent();

    /** Most starts under way at once; one more is refused. */
    @WithDefault("64")
    int startParallelism();

    /** Most images prepared at once. */
    @WithDefault("2")
    int prepareParallelism();

    /** Time between the stop signal and the kill. */
    @WithDefault("5s")
    Duration stopGrace();

    /** Longest wait for requests in flight when the node stops. */
    @WithDefault("5s")
    Duration drainTimeout();

    /** Instances a gateway may have started while no plan is known; one if the revision has a max-scale. */
    @WithDefault("4")
    int burstWithoutPlan();

    /**
     * Words about this node, by which revisions choose it; {@code kubernetes.io/hostname}, {@code kubernetes.io/os} and {@code
     * kubernetes.io/arch} are set by the node itself where they are not given.
     */
    Map<String, String> labels();

    /** What keeps revisions off this node that do not tolerate it, as {@code KEY=VALUE:NoSchedule}, several by comma. */
    Optional<List<String>> taints();
}
