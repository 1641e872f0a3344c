package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InstanceTimeBuilder;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationRecordBuilder;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.invocation.Trigger;
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
        return InvocationRecordBuilder.builder()
                .invocationId(id)
                .receivedAtMicros(1_700_000_000_000_000L)
                .account("default")
                .revision(REVISION)
                .service("hello")
                .instanceId("hello-00001-ab12cd34")
                .nodeId("node-1")
                .method("GET")
                .status(status)
                .outcome(outcome)
                .queueMicros(10)
                .startMicros(0)
                .appMicros(900)
                .billedMillis(1)
                .cpuMicros(500)
                .cpuMillicores(1_000)
                .memoryBytes(128 << 20)
                .memoryPeakBytes(4 << 20)
                .bytesIn(0)
                .bytesOut(12)
                .priceVersion(1)
                .costPicos(costPicos)
                .startParts(StartParts.NONE)
                .origin(new Origin(Trigger.HTTP, 1, new UUID(1, 2)))
                .build();
    }

    static InstanceTime time(long number) {
        return InstanceTimeBuilder.builder()
                .timeId(id(number))
                .atMicros(1_800_000_000_000_000L + number)
                .account("default")
                .revision(new RevisionId("default", "hello-00001"))
                .service("hello")
                .instanceId("hello-00001-abc")
                .nodeId("node-1")
                .startMicros(1)
                .busyMicros(2)
                .idleMicros(3)
                .frozenMicros(4)
                .cpuMicros(5)
                .callCpuMicros(4)
                .reserved(true)
                .cpuMillicores(1_000)
                .memoryBytes(128 << 20)
                .run(1_800_000_000_000_000L)
                .period(number)
                .build();
    }
}
