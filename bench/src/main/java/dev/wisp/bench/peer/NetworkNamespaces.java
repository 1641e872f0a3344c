package dev.wisp.bench.peer;

import dev.wisp.bench.report.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Lets the calling platform thread work inside the network namespace of another process, so that a peer's own, unshared network is part
 * of what is measured. Owned by one thread, which must be a platform thread.
 */
final class NetworkNamespaces implements AutoCloseable {

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle setns;
    private final int own;

    /** What is done inside. */
    @FunctionalInterface
    interface Inside<T> {
        T run();
    }

    NetworkNamespaces() {
        Linker linker = Linker.nativeLinker();
        open = handle(
                linker, "open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        close = handle(linker, "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        setns = handle(
                linker,
                "setns",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        own = openNamespace("/proc/thread-self/ns/net");
    }

    <T> T inside(long pid, Inside<T> work) {
        int namespace = openNamespace("/proc/" + pid + "/ns/net");
        try {
            enter(namespace);
            try {
                return work.run();
            } finally {
                enter(own);
            }
        } finally {
            call(close, namespace);
        }
    }

    @Override
    public void close() {
        call(close, own);
    }

    private int openNamespace(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(path);
            int descriptor = (int) open.invokeExact(text, O_RDONLY_CLOEXEC);
            if (descriptor < 0) {
                throw new BenchException("cannot open " + path);
            }
            return descriptor;
        } catch (BenchException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("open", e);
        }
    }

    private void enter(int namespace) {
        try {
            if ((int) setns.invokeExact(namespace, CLONE_NEWNET) != 0) {
                throw new BenchException("cannot enter a network namespace: root is needed");
            }
        } catch (BenchException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setns", e);
        }
    }

    private static void call(MethodHandle function, int argument) {
        try {
            int ignored = (int) function.invokeExact(argument);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // The three signatures are libc's.
    private static MethodHandle handle(Linker linker, String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
    }
}
