package dev.wisp.node.network;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets inside the network namespaces of sandboxes. A socket belongs to the namespace it was made in, wherever it is used afterwards, so that a
 * sandbox is reached without any interface between it and the host. Only threads of this class ever enter a namespace, and each goes home before its
 * next task. Thread-safe.
 */
public final class NamespaceSockets implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final long WAIT_MILLIS = 5_000;

    private final Descriptors descriptors;
    private final Processes processes;
    private final Sockets sockets;
    private final int home;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("wisp-netns-", 0).daemon(true).factory());

    public NamespaceSockets(Descriptors descriptors, Processes processes, Sockets sockets) {
        this.descriptors = descriptors;
        this.processes = processes;
        this.sockets = sockets;
        this.home = descriptors.open("/proc/self/ns/net", Named.O_RDONLY, 0);
    }

    /**
     * Makes a TCP socket in the namespace of a process.
     *
     * @throws ErrnoException {@code setns: ESRCH} when the process has ended
     */
    public int open(int pidfd) {
        return inside(pidfd, () -> sockets.tcp(CONNECT_TIMEOUT_MILLIS));
    }

    /** Makes a namespace of its own; it lives as long as the descriptor, or as what is made inside. */
    int create() {
        return onThread(() -> {
            processes.leave(Named.CLONE_NEWNET);
            return atHomeAfter(() -> descriptors.open("/proc/thread-self/ns/net", Named.O_RDONLY, 0));
        });
    }

    /**
     * Does something short inside a namespace, on a thread of this class.
     *
     * @param descriptor of a process, or of the namespace itself
     * @throws ErrnoException when the namespace is gone, or what the work throws
     */
    <T> T inside(int descriptor, Supplier<T> work) {
        return onThread(() -> {
            processes.enter(descriptor, Named.CLONE_NEWNET);
            return atHomeAfter(work);
        });
    }

    private <T> T atHomeAfter(Supplier<T> work) {
        try {
            return work.get();
        } finally {
            goHome();
        }
    }

    /**
     * As {@link #open}, without entering the namespace: the process has made the socket itself and holds it under this descriptor.
     *
     * @throws ErrnoException {@code pidfd_getfd: ESRCH} when the process has ended
     */
    public int take(int pidfd, int descriptor) {
        return sockets.ofChild(pidfd, descriptor, CONNECT_TIMEOUT_MILLIS);
    }

    private void goHome() {
        try {
            processes.enter(home, Named.CLONE_NEWNET);
        } catch (ErrnoException e) {
            throw new IllegalStateException("a thread cannot leave a network namespace", e);
        }
    }

    /**
     * Work that nobody waits for any more must not begin: the number of its descriptor may be another's by then, and so the namespace. What has begun is short, and
     * what it makes is the caller's.
     */
    private <T> T onThread(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        threads.execute(() -> {
            if (decided.compareAndSet(false, true)) {
                run(work, result);
            }
        });
        try {
            return result.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (decided.compareAndSet(false, true)) {
                throw new IllegalStateException("interrupted before anything was done in a namespace", e);
            }
        } catch (TimeoutException e) {
            if (decided.compareAndSet(false, true)) {
                throw new IllegalStateException("no thread entered a namespace within %d ms".formatted(WAIT_MILLIS), e);
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            throw failure(e.getCause());
        }
    }

    private static <T> void run(Supplier<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.get());
        } catch (ErrnoException e) {
            result.completeExceptionally(e);
        } catch (RuntimeException e) {
            // Ends the thread, which may not be at home any more; the pool makes one that is.
            result.completeExceptionally(e);
            throw e;
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return cause instanceof ErrnoException errno
                ? errno
                : new IllegalStateException("nothing could be done in a namespace", cause);
    }

    @Override
    public void close() {
        threads.close(); // One that is away needs the way home.
        descriptors.close(home);
    }
}
