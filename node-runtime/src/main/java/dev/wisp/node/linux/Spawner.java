package dev.wisp.node.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes children that share this process's memory and walk a {@link Table}. All are cloned from one thread that lives as long as the spawner: the
 * signal that a child gets when its parent dies follows that thread, not the process. Thread-safe.
 */
public final class Spawner implements AutoCloseable {

    private static final int PROT_READ_EXEC = 1 | 4;
    private static final int CLONE_ARGS_BYTES = 88;
    private static final int SIGCHLD = 17;
    private static final int SIGACTION_BYTES = 32;
    private static final int SIGSET_BYTES = 8;
    private static final int NO_GROUP = -1;
    private static final String CONNECTIONS_OF_CHILD = "/proc/sys/net/ipv4/tcp_child_ehash_entries";
    /** Lists in the table, not connections: 10,000 of these are ten in each. */
    private static final String CONNECTION_LISTS = "1024";

    private final Kernel kernel;
    private final NativeMemory code;
    private final long spawn;
    private final long clock;
    private final Life life;
    private final CallContext spawnContext;
    private final CallContext clockContext;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("wisp-spawner").daemon(true).factory());

    /**
     * A child that was made.
     *
     * @param pid its id on the host
     * @param pidfd descriptor of the process, which the caller owns
     */
    public record Child(int pid, int pidfd) {}

    /** Of children without a filter of system calls. */
    public Spawner(Kernel kernel) {
        this(kernel, null);
    }

    /**
     * Of children that have a filter of system calls from their first row on. It is installed once, on the thread that makes them, and so costs a start nothing; it
     * must allow what that thread and the tables need. Children must ask for a network namespace: the thread's own has not even a loopback.
     *
     * @param filter what {@code seccomp} takes
     * @throws ErrnoException when the kernel refuses
     */
    public Spawner(Kernel kernel, @Nullable Named filter) {
        this.kernel = kernel;
        Architecture architecture = kernel.architecture();
        byte[] bytes = architecture.code();
        this.code = kernel.map(4096);
        code.putBytes(0, bytes);
        kernel.protect(code, PROT_READ_EXEC);
        this.spawn = code.address() + architecture.spawnOffset();
        this.clock = code.address() + architecture.clockOffset();
        this.spawnContext = context(Type.POINTER, Type.SLONG_LONG, Type.POINTER);
        this.clockContext = context();
        hearOfChildren();
        this.life = onThread(this::lifeOfThread);
        if (filter != null) {
            onThread(this::ownNetwork);
            install(filter);
        }
    }

    /**
     * A network namespace takes the size of its table of TCP connections from who makes it; without one it shares the host's, of 2 MiB on a host with many, which the kernel walks
     * from end to end when the namespace ends. So the thread has a namespace of its own, with nothing in it but that setting. Kernels before 6.1 do not have it.
     */
    private long ownNetwork() {
        long failure = kernel.raw(Syscall.UNSHARE, Named.CLONE_NEWNET.value(), 0, 0);
        return failure < 0 ? failure : new Descriptors(kernel).tryWriteText(CONNECTIONS_OF_CHILD, CONNECTION_LISTS);
    }

    private void install(Named filter) {
        onThread(() -> filtered(filter));
    }

    private long filtered(Named filter) {
        kernel.call("no new rights", Syscall.PRCTL, Named.PR_SET_NO_NEW_PRIVS.value(), 1, 0);
        return kernel.call("filter", Syscall.SECCOMP, Named.SECCOMP_SET_MODE_FILTER.value(), 0, filter.value());
    }

    /**
     * The thread that makes children, as they can see it.
     *
     * @param word address of its thread id, which the kernel zeroes when the thread ends, before it sends death signals
     * @param tid its id
     */
    public record Life(long word, long tid) {}

    /** Sees to it that a child can tell whether its parent is still there: one that is cloned in the last moment asks for the death signal too late. */
    private Life lifeOfThread() {
        return kernel.scratch(scratch -> {
            long room = scratch.reserve(Long.BYTES);
            kernel.call("thread id word", Syscall.PRCTL, Named.PR_GET_TID_ADDRESS.value(), scratch.address() + room, 0);
            return new Life(scratch.getLong(room), kernel.call("thread id", Syscall.GETTID, 0, 0, 0));
        });
    }

    /** Of the thread that makes the children. */
    public Life life() {
        return life;
    }

    /** A process started with SIGCHLD ignored inherits that, and the kernel would reap its children before it could ask for their exit codes. */
    private void hearOfChildren() {
        kernel.scratch(scratch -> {
            long action = scratch.reserve(SIGACTION_BYTES);
            for (int word = 0; word < SIGACTION_BYTES; word += 8) {
                scratch.putLong(action + word, 0);
            }
            return kernel.call(
                    "SIGCHLD", Syscall.RT_SIGACTION, SIGCHLD, scratch.address() + action, 0, SIGSET_BYTES, 0, 0);
        });
    }

    private static CallContext context(Type... parameters) {
        return CallContext.getCallContext(Type.SLONG_LONG, parameters, CallingConvention.DEFAULT, false);
    }

    /** As {@link #spawn(Table, Named, int)}, in the runtime's own control group. */
    public Child spawn(Table table, Named flags) {
        return spawn(table, flags, NO_GROUP);
    }

    /**
     * Clones a child that starts at the first row of the table.
     *
     * @param group descriptor of the v2 control group it is born in, negative for the runtime's own
     * @throws ErrnoException when the kernel refuses
     */
    public Child spawn(Table table, Named flags, int group) {
        return onThread(() -> spawnHere(table, flags, group));
    }

    /** Waits whatever happens, an interrupt too: a child that is made has to be somebody's. */
    private <T> T onThread(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ErrnoException errno) {
                throw errno;
            }
            throw new IllegalStateException("a child could not be made", e.getCause());
        }
    }

    private Child spawnHere(Table table, Named flags, int group) {
        boolean isBornInGroup = group >= 0;
        NativeMemory memory = table.room();
        long args = memory.reserve(CLONE_ARGS_BYTES);
        memory.putLong(args, flags.value() | (isBornInGroup ? Named.CLONE_INTO_CGROUP.value() : 0));
        memory.putLong(args + 8, table.pidfdAddress());
        memory.putLong(args + 16, table.tidAddress());
        memory.putLong(args + 32, SIGCHLD);
        memory.putLong(args + 40, table.stackAddress());
        memory.putLong(args + 48, table.stackBytes());
        memory.putLong(args + 80, isBornInGroup ? group : 0);
        long pid = Invoker.getInstance()
                .invokeN3(spawnContext, spawn, memory.address() + args, CLONE_ARGS_BYTES, table.address());
        if (pid < 0) {
            throw new ErrnoException("clone3", (int) -pid, flags.text());
        }
        return new Child((int) pid, table.pidfd());
    }

    /** Sharing children change their ids, which makes this process undumpable: its own tools could no longer look at it. */
    public void restoreDumpable() {
        kernel.raw(Syscall.PRCTL, Named.PR_SET_DUMPABLE.value(), 1, 0);
    }

    /** The counter that rows are stamped with. */
    public long clock() {
        return Invoker.getInstance().invokeN0(clockContext, clock);
    }

    /** Ends the thread, and with it every child that is left. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
