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
    private long peakBytes;
    private long peakReadNanos;

    InstanceMeter(Sandbox sandbox, long nowNanos) {
        this.sandbox = sandbox;
        this.peakReadNanos = nowNanos - PEAK_FRESH_NANOS;
    }

    Mark begin() {
        long counter = sandbox.cpuMicros();
        synchronized (this) {
            Begun begun = CpuApportionPolicy.begin(shares, counter);
            shares = begun.shares();
            return begun.mark();
        }
    }

    Ended end(Mark mark) {
        long counter = sandbox.cpuMicros();
        synchronized (this) {
            Ended ended = CpuApportionPolicy.end(shares, mark, counter);
            shares = ended.shares();
            return ended;
        }
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
