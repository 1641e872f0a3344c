package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.revision.RevisionId;
import java.util.UUID;

/** Invocation records for tests. */
final class Records {

    private static final RevisionId REVISION = new RevisionId("default", "hello-00001");

    private Records() {}

    static InvocationRecord standIn(UUID id) {
        return record(id, 0, Outcome.PLATFORM_ERROR, 0);
    }

    static InvocationRecord done(UUID id) {
        return record(id, 200, Outcome.SUCCESS, 201_234);
    }

    static UUID id(long number) {
        return new UUID(0x7000L, number);
    }

    private static InvocationRecord record(UUID id, int status, Outcome outcome, long costPicos) {
        return new InvocationRecord(
                id,
                1_700_000_000_000_000L,
                "default",
                REVISION,
                "hello",
                "hello-00001-ab12cd34",
                "node-1",
                "GET",
                status,
                outcome,
                10,
                0,
                900,
                false,
                1,
                500,
                false,
                1_000,
                128 << 20,
                4 << 20,
                0,
                12,
                1,
                costPicos,
                StartParts.NONE);
    }

    static InstanceTime time(long number) {
        return new InstanceTime(
                id(number),
                1_800_000_000_000_000L + number,
                "default",
                new RevisionId("default", "hello-00001"),
                "hello",
                "hello-00001-abc",
                "node-1",
                1,
                2,
                3,
                4,
                5,
                4,
                true,
                1_000,
                128 << 20,
                1_800_000_000_000_000L,
                number);
    }
}
