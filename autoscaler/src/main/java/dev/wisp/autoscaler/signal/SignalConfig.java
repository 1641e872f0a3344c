package dev.wisp.autoscaler.signal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the loop that decides. */
@ConfigMapping(prefix = "wisp.autoscaler.signal")
public interface SignalConfig {

    /** Time between two looks at revisions that are called or were until their keep-alive ended; 10 ms to 10 s. */
    @WithDefault("250ms")
    Duration tick();

    /** Time between two looks when no revision is; what cannot wait, as a node that is lost, is looked at without it. */
    @WithDefault("1s")
    Duration idleTick();

    /**
     * Name of this replica of the autoscaler, no other may have it: started again within six seconds it has its share of the revisions
     * back without the others' taking it over. Without a name it leaves its share to the others when it stops.
     */
    Optional<String> replica();

    /** Instances that gateways may start on their own, per revision without max-scale. */
    @WithDefault("64")
    int burstDefault();

    /**
     * Share of a node's memory, in percent, that plans leave free as long as another node has more: room for what gateways start on their
     * own; 0 to 90.
     */
    @WithDefault("10")
    int headroomPercent();

    /** Price of a gigabyte held idle for a second, in seconds of waiting: what an economic keep-alive weighs. */
    @WithDefault("0.001")
    double idlePrice();

    /** Decisions kept in memory per revision. */
    @WithDefault("200")
    int decisionsKept();
}
