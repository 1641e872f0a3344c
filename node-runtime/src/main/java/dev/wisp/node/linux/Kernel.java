package dev.wisp.node.linux;

import java.util.concurrent.ArrayBlockingQueue;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * System calls from Java, with errors as {@link ErrnoException}. The C library keeps errno per operating system thread, so it is read in the statement
 * after the call. Thread-safe.
 */
public final class Kernel {

    /** Long enough for a path (4096) and for what a cgroup or proc file says. */
    static final int SCRATCH_BYTES = 16 * 1024;

    private static final int SCRATCH_KEPT_MAX = 16;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private final LibC libc = LibraryLoader.create(LibC.class).load("c");
    private final Runtime runtime = Runtime.getRuntime(libc);
    private final Architecture architecture = Architecture.current();
    private final ArrayBlockingQueue<NativeMemory> scratch = new ArrayBlockingQueue<>(SCRATCH_KEPT_MAX);

    private static final class Holder {
        static final Kernel INSTANCE = new Kernel();
    }

    private Kernel() {}

    /** The one of this process; the first call loads the native library, which takes a quarter of a second. */
    public static Kernel load() {
        return Holder.INSTANCE;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** The number of a call on this machine. */
    public int number(Syscall call) {
        return architecture.number(call);
    }

    /** Makes a call and returns its result, or the negated error number as the kernel itself would. */
    public long raw(Syscall call, long a, long b, long c, long d, long e, long f) {
        long result = libc.syscall(architecture.number(call), a, b, c, d, e, f, 0);
        int errno = runtime.getLastError();
        return result == -1 ? -errno : result;
    }

    public long raw(Syscall call, long a, long b, long c) {
        return raw(call, a, b, c, 0, 0, 0);
    }

    /** As {@link #raw(Syscall, long, long, long, long, long, long)}, throwing what failed with the detail. */
    public long call(String detail, Syscall call, long a, long b, long c, long d, long e, long f) {
        long result = raw(call, a, b, c, d, e, f);
        if (result < 0) {
            throw new ErrnoException(call.text(), (int) -result, detail);
        }
        return result;
    }

    public long call(String detail, Syscall call, long a, long b, long c) {
        return call(detail, call, a, b, c, 0, 0, 0);
    }

    /** Maps zeroed, private memory; pages cost nothing before they are touched. */
    public NativeMemory map(long size) {
        long address =
                call("anonymous memory", Syscall.MMAP, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        return new NativeMemory(this, address, size, pointer(address, size));
    }

    /** Gives memory other rights: machine code becomes executable and stops being writable. */
    void protect(NativeMemory memory, int protection) {
        call("code", Syscall.MPROTECT, memory.address(), memory.size(), protection);
    }

    void unmap(NativeMemory memory) {
        call("memory", Syscall.MUNMAP, memory.address(), memory.size(), 0);
    }

    /** What a block of native code needs for its arguments. */
    @FunctionalInterface
    interface ScratchUse<T extends @Nullable Object> {
        T with(NativeMemory scratch);
    }

    /** Lends memory of {@link #SCRATCH_BYTES}; its content is whatever was there before. */
    <T extends @Nullable Object> T scratch(ScratchUse<T> use) {
        NativeMemory taken = scratch.poll();
        NativeMemory memory = taken == null ? map(SCRATCH_BYTES) : taken;
        memory.rewind(0);
        try {
            return use.with(memory);
        } finally {
            if (!scratch.offer(memory)) {
                memory.close();
            }
        }
    }

    private Pointer pointer(long address, long size) {
        return runtime.getMemoryManager().newPointer(address, size);
    }
}
