package dev.wisp.node.instance;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Settings of instances on this node. */
@ConfigMapping(prefix = "wisp.node.instance")
public interface InstanceConfig {

    /** Memory for sandboxes: the sum of their limits never exceeds it. Default: 80 % of the machine's. */
    Optional<MemorySize> memoryMax();

    /** Most sandboxes at once. */
    @WithDefault("1000")
    int sandboxesMax();

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

    /** Free words about this node, for placement. */
    Map<String, String> labels();
}
