package dev.wisp.node.metering;

/**
 * Divides an instance's time so that every microsecond of it is in one part: starting, with calls inside, frozen, and idle, which is the
 * rest. Readings are of counters that only grow, taken one after the other, so that they may disagree by some microseconds: what was read first
 * yields to the whole.
 */
final class InstanceTimePolicy {

    private static final long NANOS_PER_MICRO = 1_000;

    private InstanceTimePolicy() {}

    /**
     * What an instance has had since it began.
     *
     * @param callCpuMicros processor time of calls that have ended
     */
    record Reading(
            long lifeNanos, long startNanos, long busyNanos, long frozenNanos, long cpuMicros, long callCpuMicros) {

        static final Reading NONE = new Reading(0, 0, 0, 0, 0, 0);
    }

    /**
     * What it had between two readings: the first four add up to the time between them.
     *
     * @param cpuMicros all of its processor time
     * @param callCpuMicros of it, that of calls which ended; a call that began before the first reading brings some from there
     */
    record Spent(
            long startMicros, long busyMicros, long idleMicros, long frozenMicros, long cpuMicros, long callCpuMicros) {

        long lengthMicros() {
            return startMicros + busyMicros + idleMicros + frozenMicros;
        }
    }

    static Spent between(Reading before, Reading now) {
        long length = Math.max(0, micros(now.lifeNanos()) - micros(before.lifeNanos()));
        long start = within(micros(now.startNanos()) - micros(before.startNanos()), length);
        long busy = within(micros(now.busyNanos()) - micros(before.busyNanos()), length - start);
        long frozen = within(micros(now.frozenNanos()) - micros(before.frozenNanos()), length - start - busy);
        return new Spent(
                start,
                busy,
                length - start - busy - frozen,
                frozen,
                Math.max(0, now.cpuMicros() - before.cpuMicros()),
                Math.max(0, now.callCpuMicros() - before.callCpuMicros()));
    }

    /** Whole counters are rounded, not differences: no part of a microsecond is lost between records. */
    private static long micros(long nanos) {
        return nanos / NANOS_PER_MICRO;
    }

    private static long within(long part, long whole) {
        return Math.max(0, Math.min(part, whole));
    }
}
