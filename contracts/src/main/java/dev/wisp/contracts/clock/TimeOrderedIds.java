package dev.wisp.contracts.clock;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Ids of version 7 (RFC 9562, section 5.7) with the time of a given clock: the ledger files a record under the day in its id, which must be that
 * of the record's own time. Thread-safe.
 */
public final class TimeOrderedIds {

    private TimeOrderedIds() {}

    /** Quick to make, and no secret. */
    public static Supplier<UUID> fast(InstantSource clock) {
        return TimeOrderedEpochFactory.builder()
                .withFastRandom()
                .withTimeFunction(clock::millis)
                .build()::create;
    }

    /** That nobody can guess. */
    public static Supplier<UUID> secret(InstantSource clock) {
        return TimeOrderedEpochFactory.builder()
                .withSafeRandom()
                .withTimeFunction(clock::millis)
                .build()::create;
    }
}
