package dev.wisp.node.linux;

/**
 * How long a thread runs before the scheduler looks for another one that waits: {@code sched_runtime} of {@code struct sched_attr} under the ordinary policies, from 0.1 to 100 ms since Linux 6.12. Who
 * wakes with a shorter slice than whoever is running takes its place at once when it is owed time; the shares of both stay as they were. Thread-safe.
 */
public final class TimeSlice {

    /** The kernel's own choice. */
    public static final long ORDINARY = 0;

    /** {@code SCHED_ATTR_SIZE_VER0} and its fields, from {@code linux/sched/types.h}. */
    private static final int BYTES = 48;

    private static final int POLICY_AT = 4;
    private static final int RUNTIME_AT = 24;
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_BATCH = 3;

    private final Kernel kernel;

    public TimeSlice(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The slice of a thread, which is 0 where it cannot be chosen; -1 when the thread has ended. Nanoseconds. */
    public long of(long thread) {
        return kernel.scratch(attributes -> read(thread, attributes) ? attributes.getLong(RUNTIME_AT) : -1);
    }

    /** Changes it and leaves policy and nice value as they are; false when the thread has ended or runs under another policy. Threads it makes later have the same. */
    public boolean set(long thread, long nanos) {
        return kernel.scratch(attributes -> {
            if (!read(thread, attributes) || !isFair(attributes.getInt(POLICY_AT))) {
                return false;
            }
            attributes.putLong(RUNTIME_AT, nanos);
            return kernel.raw(Syscall.SCHED_SETATTR, thread, attributes.address(), 0) == 0;
        });
    }

    private boolean read(long thread, NativeMemory attributes) {
        return kernel.raw(Syscall.SCHED_GETATTR, thread, attributes.address(), BYTES, 0, 0, 0) == 0;
    }

    private static boolean isFair(int policy) {
        return policy == SCHED_OTHER || policy == SCHED_BATCH;
    }
}
