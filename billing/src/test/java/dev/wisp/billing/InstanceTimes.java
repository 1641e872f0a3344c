package dev.wisp.billing;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InstanceTimeBuilder;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Records of instances' time for tests. */
public final class InstanceTimes {

    public static final long RUN = 1_700_000_000_000_000L;

    private InstanceTimes() {}

    /** A stretch of the instance that served this call, which ended when the call was received. */
    public static InstanceTime any(InvocationRecord call, RandomGenerator random) {
        UUID id = new UUID(call.invocationId().getMostSignificantBits(), (random.nextLong() >>> 2) | Long.MIN_VALUE);
        return of(id, call, 1, random.nextLong(1_000_000), random.nextLong(1_000_000), random.nextLong(1_000_000));
    }

    public static InstanceTime of(
            UUID id, InvocationRecord call, long period, long idleMicros, long frozenMicros, long cpuMicros) {
        return InstanceTimeBuilder.builder()
                .timeId(id)
                .atMicros(call.receivedAtMicros())
                .account(call.account())
                .revision(call.revision())
                .service(call.service())
                .instanceId(call.instanceId())
                .nodeId(call.nodeId())
                .startMicros(1_000)
                .busyMicros(call.appMicros())
                .idleMicros(idleMicros)
                .frozenMicros(frozenMicros)
                .cpuMicros(cpuMicros)
                .callCpuMicros(Math.min(cpuMicros, call.cpuMicros()))
                .cpuMillicores(1_000)
                .memoryBytes(128L << 20)
                .run(RUN)
                .period(period)
                .build();
    }
}
