package dev.wisp.controller.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the controller uses its database. */
@ConfigMapping(prefix = "wisp.controller.store")
public interface StoreConfig {

    /**
     * Longest time one use of the database may take before the API answers 503: as long as one waits for a deployment that a busy host delays. A database that
     * is not there refuses the connection, which is answered at once whatever this says.
     */
    @WithDefault("10s")
    Duration timeout();

    /** How often the outbox is looked at when nothing changes: the delay of a message after an outage of Kafka. */
    @WithDefault("500ms")
    Duration outboxPeriod();

    /** Longest time one batch of the outbox may take, the broker's delivery timeout included. */
    @WithDefault("30s")
    Duration outboxTimeout();
}
