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
    private long busySinceNanos;
    private long busyNanos;
    private long callCpuMicros;

    InstanceMeter(Sandbox sandbox, long nowNanos) {
        this.sandbox = sandbox;
        this.readNanos = nowNanos;
        this.peakReadNanos = nowNanos - PEAK_FRESH_NANOS;
    }

    synchronized Mark begin(long nowNanos) {
        boolean due = CpuApportionPolicy.isReadAtBegin(shares, nowNanos - readNanos);
        Begun begun = CpuApportionPolicy.begin(shares, counterLocked(due, nowNanos));
        if (shares.inFlight() == 0) {
            busySinceNanos = nowNanos;
        }
        shares = begun.shares();
        return begun.mark();
    }

    synchronized Ended end(Mark mark, long nowNanos) {
        boolean due = CpuApportionPolicy.isReadAtEnd(shares, nowNanos - readNanos);
        Ended ended = CpuApportionPolicy.end(shares, mark, counterLocked(due, nowNanos));
        shares = ended.shares();
        callCpuMicros += ended.cpuMicros();
        if (shares.inFlight() == 0) {
            busyNanos += nowNanos - busySinceNanos;
        }
        return ended;
    }

    /** Ends a call that gets no record: what it used stays the instance's alone. */
    synchronized void drop(Mark mark, long nowNanos) {
        callCpuMicros -= end(mark, nowNanos).cpuMicros();
    }

    private long counterLocked(boolean due, long nowNanos) {
        if (!due) {
            return CpuApportionPolicy.lastReading(shares);
        }
        readNanos = nowNanos;
        return sandbox.cpuMicros();
    }

    /** How long calls were inside it until now; what several have in common counts once. */
    synchronized long busyNanos(long nowNanos) {
        return busyNanos + (shares.inFlight() > 0 ? Math.max(0, nowNanos - busySinceNanos) : 0);
    }

    /** Processor time of the calls that have ended. */
    synchronized long callCpuMicros() {
        return callCpuMicros;
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
