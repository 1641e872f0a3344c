package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.IdDay;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.NodeCpu;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which records of time are taken in: the bounds are those of {@link RecordPolicy}. */
final class TimePolicy {

    private TimePolicy() {}

    /** Why it is refused, null when it is good. */
    static @Nullable String refusal(InstanceTime time, Duration ageMax, Instant now) {
        String when = refusal(time.atMicros(), ageMax, now);
        if (when != null) {
            return when;
        }
        long apart = ChronoUnit.DAYS.between(IdDay.of(time.timeId(), time.atMicros()), IdDay.received(time.atMicros()));
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
        return Math.abs(apart) <= 1 && durations && limits && names
                ? null
                : "a record of an instance's time has a duration, a limit, a name or an id that cannot be: " + time;
    }

    static @Nullable String refusal(NodeCpu cpu, Duration ageMax, Instant now) {
        String when = refusal(cpu.atMicros(), ageMax, now);
        if (when != null) {
            return when;
        }
        return cpu.countedMicros() < 0 || cpu.preparedMicros() < 0 || !RecordPolicy.isPrintable(cpu.nodeId())
                ? "a record of a node's processors has a figure or a name that cannot be: " + cpu
                : null;
    }

    private static @Nullable String refusal(long atMicros, Duration ageMax, Instant now) {
        long oldest = RecordPolicy.micros(now.minus(ageMax));
        long newest = RecordPolicy.micros(now.plus(RecordPolicy.FUTURE_MAX));
        return atMicros < oldest || atMicros > newest
                ? "atMicros=%d, must be %d..%d".formatted(atMicros, oldest, newest)
                : null;
    }
}
