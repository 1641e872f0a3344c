package dev.wisp.contracts.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {

    private static final InstantSource THEN = InstantSource.fixed(Instant.parse("2026-11-30T23:59:59.999Z"));

    @Test
    void haveTheTimeOfTheirClock() {
        for (Supplier<UUID> ids : List.of(TimeOrderedIds.fast(THEN), TimeOrderedIds.secret(THEN))) {
            UUID one = ids.get();
            UUID other = ids.get();

            assertThat(one.version()).isEqualTo(7);
            assertThat(one.getMostSignificantBits() >>> 16).isEqualTo(THEN.millis());
            assertThat(other).isNotEqualTo(one);
        }
    }
}
