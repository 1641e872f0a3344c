package dev.wisp.contracts.loop;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** System calls of io_uring; the numbers are the same on every architecture. Results below 0 are failures, none of which is told apart. */
@SuppressWarnings("restricted") // Memory shared with the kernel is the point.
final class RingCalls {

    private static final long IO_URING_SETUP = 425;
    private static final long IO_URING_ENTER = 426;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED_POPULATE = 1 | 0x8000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle SYSCALL =
            function("syscall", FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG));
    private static final MethodHandle MMAP =
            function("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));

    private RingCalls() {}

    /** A descriptor of a new ring, whose parameters the kernel completes. */
    static int setup(int entries, MemorySegment parameters) {
        return (int) syscall(IO_URING_SETUP, entries, parameters.address(), 0);
    }

    /** Submits, and returns how many entries the kernel took. */
    static int enter(int ring, int submitted) {
        return (int) syscall(IO_URING_ENTER, ring, submitted, 0);
    }

    /** Memory of no length when it cannot be mapped. */
    static MemorySegment map(int ring, long bytes, long offset) {
        long address;
        try {
            address = (long) MMAP.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, ring, offset);
        } catch (Throwable e) {
            throw new LinkageError("mmap", e);
        }
        return MemorySegment.ofAddress(address).reinterpret(address == -1 ? 0 : bytes);
    }

    static void unmap(MemorySegment memory) {
        try {
            int ignored = (int) MUNMAP.invokeExact(memory.address(), memory.byteSize());
        } catch (Throwable e) {
            throw new LinkageError("munmap", e);
        }
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    private static long syscall(long number, long a, long b, long c) {
        try {
            return (long) SYSCALL.invokeExact(number, a, b, c, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new LinkageError("syscall " + number, e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
