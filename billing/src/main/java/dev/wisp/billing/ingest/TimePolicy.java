package dev.wisp.billing.ingest;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.NodeCpu;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which records of time are taken in: the bounds are those of {@link RecordPolicy}. */
final class TimePolicy {

    private TimePolicy() {}

    /** Why it is refused, null when it is good. */
    static @Nullable String refusal(InstanceTime time) {
        boolean durations = LongStream.of(
                        time.startMicros(),
                        time.busyMicros(),
                        time.idleMicros(),
                        time.frozenMicros(),
                        time.cpuMicros(),
                        time.callCpuMicros())
                .allMatch(micros -> !RecordPolicy.isBeyond(micros, RecordPolicy.MICROS_MAX));
        boolean limits =
                time.cpuMillicores() >= 0 && !RecordPolicy.isBeyond(time.memoryBytes(), RecordPolicy.MEMORY_BYTES_MAX);
        boolean names = Stream.of(
                        time.account(),
                        time.service(),
                        time.instanceId(),
                        time.nodeId(),
                        time.revision().namespace(),
                        time.revision().name())
                .allMatch(name -> !name.isEmpty() && RecordPolicy.isPrintable(name));
        return durations && limits && names
                ? null
                : "a record of an instance's time has a duration, a limit or a name that cannot be: " + time;
    }

    static @Nullable String refusal(NodeCpu cpu) {
        return cpu.countedMicros() < 0 || cpu.preparedMicros() < 0 || !RecordPolicy.isPrintable(cpu.nodeId())
                ? "a record of a node's processors has a figure or a name that cannot be: " + cpu
                : null;
    }
}
