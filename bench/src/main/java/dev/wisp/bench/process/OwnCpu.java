package dev.wisp.bench.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Processor time of this process by {@code getrusage}: exact, where {@code /proc} counts in steps of 10 ms. Thread-safe. */
public final class OwnCpu {

    private static final int SELF = 0;
    private static final int CHILDREN = -1;
    private static final long RUSAGE_BYTES = 144;
    private static final MethodHandle GETRUSAGE = handle();

    private OwnCpu() {}

    /** Of all its threads. */
    public static long micros() {
        return micros(SELF);
    }

    /** Of the children it has waited for, and of theirs. */
    public static long childrenMicros() {
        return micros(CHILDREN);
    }

    /** The structure begins with user and system time, each as seconds and microseconds. */
    private static long micros(int who) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(RUSAGE_BYTES, Long.BYTES);
            int result = (int) GETRUSAGE.invokeExact(who, usage);
            if (result != 0) {
                throw new IllegalStateException("getrusage=" + result);
            }
            long seconds = usage.get(ValueLayout.JAVA_LONG, 0) + usage.get(ValueLayout.JAVA_LONG, 16);
            return seconds * 1_000_000 + usage.get(ValueLayout.JAVA_LONG, 8) + usage.get(ValueLayout.JAVA_LONG, 24);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("getrusage", e);
        }
    }

    @SuppressWarnings("restricted") // The signature is libc's.
    private static MethodHandle handle() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("getrusage").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }
}
