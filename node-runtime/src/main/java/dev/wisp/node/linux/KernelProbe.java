package dev.wisp.node.linux;

/** Asks the kernel whether it knows a call, by making it with arguments that cannot succeed. Changes nothing. Thread-safe. */
public final class KernelProbe {

    private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;

    private final Kernel kernel;

    public KernelProbe(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Whether the call exists; a bad descriptor, address or size is its answer then. */
    public boolean knows(Syscall call) {
        return kernel.raw(call, -1, -1, -1, -1, 0, 0) != -Errno.ENOSYS;
    }

    /** Version of landlock, 0 when it is absent or switched off. */
    public int landlock() {
        long version = kernel.raw(Syscall.LANDLOCK_CREATE_RULESET, 0, 0, LANDLOCK_CREATE_RULESET_VERSION);
        return version < 0 ? 0 : (int) version;
    }

    /** Whether this processor is one that sandboxes can be started on. */
    public boolean isSupportedProcessor() {
        return Architecture.isSupported();
    }
}
