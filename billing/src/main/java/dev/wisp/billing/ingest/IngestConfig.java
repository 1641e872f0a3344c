package dev.wisp.billing.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How invocations are read into the ledger. */
@ConfigMapping(prefix = "wisp.billing.ingest")
public interface IngestConfig {

    /** Most records in one transaction, 1..100000: more is faster, and holds about 400 bytes each. */
    @WithDefault("10000")
    int batchMax();

    /** How long one read waits for the first record: the most a shutdown waits too. */
    @WithDefault("250ms")
    Duration pollMax();

    /**
     * Pause after a batch that left nothing to read. A transaction costs the same half a millisecond for one record and for a hundred,
     * so this bounds what a steady trickle costs; records are in the ledger that much later.
     */
    @WithDefault("50ms")
    Duration gather();

    /** First pause after the broker or the database failed; doubles with each failure in a row. */
    @WithDefault("100ms")
    Duration backoffMin();

    /** Longest pause between tries. */
    @WithDefault("5s")
    Duration backoffMax();

    /** Days, beginning with today, whose partitions are made before a record needs them, 1..31. */
    @WithDefault("3")
    int partitionDaysAhead();

    /** Oldest record taken in: older ones are rejected, since each day makes a partition. */
    @WithDefault("400d")
    Duration recordAgeMax();

    /**
     * How long records are kept; then their day's partition is dropped and only sums stay. At least two days more than {@link
     * #recordAgeMax}; without it records are kept for ever.
     */
    Optional<Duration> recordRetention();
}
