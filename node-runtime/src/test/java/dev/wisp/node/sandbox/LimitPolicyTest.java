package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.linux.FileSystem.Room;
import org.junit.jupiter.api.Test;

final class LimitPolicyTest {

    private static final Limits LIMITS = new Limits(1000, 64L << 20, 64, 4 << 20);

    @Test
    void nothingIsToldOfASandboxWithinItsLimits() {
        assertThat(LimitPolicy.reached(
                        LIMITS, 4096, new LimitPolicy.Observed(0, 4095, new Room(4 << 20, 4096, 1024, 1))))
                .isEmpty();
        assertThat(LimitPolicy.reached(LIMITS, 4096, new LimitPolicy.Observed(0, 0, Room.UNKNOWN)))
                .isEmpty();
    }

    @Test
    void everyLimitIsToldWithItsValue() {
        assertThat(LimitPolicy.reached(LIMITS, 4096, new LimitPolicy.Observed(7, 4096, new Room(4 << 20, 0, 1024, 0))))
                .containsOnlyKeys(Limit.PROCESSES, Limit.OPEN_FILES, Limit.WRITABLE_BYTES, Limit.WRITABLE_FILES)
                .hasEntrySatisfying(Limit.PROCESSES, text -> assertThat(text).contains("64 processes", "7 more"))
                .hasEntrySatisfying(Limit.OPEN_FILES, text -> assertThat(text).contains("4096 open files"))
                .hasEntrySatisfying(
                        Limit.WRITABLE_BYTES, text -> assertThat(text).contains("4096 KiB"))
                .hasEntrySatisfying(
                        Limit.WRITABLE_FILES, text -> assertThat(text).contains("1024 files"));
    }
}
