package dev.wisp.node.metering;

import dev.wisp.node.metering.CpuApportionPolicy.Begun;
import dev.wisp.node.metering.CpuApportionPolicy.Ended;
import dev.wisp.node.metering.CpuApportionPolicy.Mark;
import dev.wisp.node.metering.CpuApportionPolicy.Shares;
import dev.wisp.node.sandbox.Sandbox;
import java.time.Duration;

/** The books of one instance; thread-safe, because its invocations may be on several event loops. */
final class InstanceMeter {

    private static final long PEAK_FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private final Sandbox sandbox;
    private Shares shares = Shares.NONE;
    private long readNanos;
    private long peakBytes;
    private long peakReadNanos;

    InstanceMeter(Sandbox sandbox, long nowNanos) {
        this.sandbox = sandbox;
        this.readNanos = nowNanos;
        this.peakReadNanos = nowNanos - PEAK_FRESH_NANOS;
    }

    synchronized Mark begin(long nowNanos) {
        boolean due = CpuApportionPolicy.isReadAtBegin(shares, nowNanos - readNanos);
        Begun begun = CpuApportionPolicy.begin(shares, counterLocked(due, nowNanos));
        shares = begun.shares();
        return begun.mark();
    }

    synchronized Ended end(Mark mark, long nowNanos) {
        boolean due = CpuApportionPolicy.isReadAtEnd(shares, nowNanos - readNanos);
        Ended ended = CpuApportionPolicy.end(shares, mark, counterLocked(due, nowNanos));
        shares = ended.shares();
        return ended;
    }

    private long counterLocked(boolean due, long nowNanos) {
        if (!due) {
            return CpuApportionPolicy.lastReading(shares);
        }
        readNanos = nowNanos;
        return sandbox.cpuMicros();
    }

    /** Most memory the instance has used, read at most ten times a second because it is only informative. */
    synchronized long memoryPeakBytes(long nowNanos) {
        if (nowNanos - peakReadNanos >= PEAK_FRESH_NANOS) {
            peakReadNanos = nowNanos;
            peakBytes = Math.max(peakBytes, sandbox.usage().memoryPeakBytes());
        }
        return peakBytes;
    }
}
