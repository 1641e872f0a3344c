package dev.wisp.node.metering;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the proxy. */
@ConfigMapping(prefix = "wisp.node.metering")
public interface MeteringConfig {

    /** Threads that open sockets inside sandboxes. */
    @WithDefault("4")
    int connectThreads();

    /** Connections that may wait to be opened; one more is refused and another instance is asked. */
    @WithDefault("1024")
    int connectQueueMax();

    /** How often it is recorded where the time and processors of each instance went, beside the end of its life. */
    @WithDefault("1m")
    Duration timePeriod();
}
