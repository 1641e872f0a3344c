package dev.wisp.billing;

import dev.wisp.contracts.invocation.InstanceTime;
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
        return new InstanceTime(
                id,
                call.receivedAtMicros(),
                call.account(),
                call.revision(),
                call.service(),
                call.instanceId(),
                call.nodeId(),
                1_000,
                call.appMicros(),
                idleMicros,
                frozenMicros,
                cpuMicros,
                Math.min(cpuMicros, call.cpuMicros()),
                false,
                1_000,
                128L << 20,
                RUN,
                period);
    }
}
