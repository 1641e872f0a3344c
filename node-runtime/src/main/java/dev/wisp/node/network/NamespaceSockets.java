package dev.wisp.node.network;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
        CompletableFuture<Integer> socket = new CompletableFuture<>();
        threads.execute(() -> openInside(pidfd, socket));
        try {
            return socket.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a socket was being opened", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ErrnoException errno
                    ? errno
                    : new IllegalStateException("a socket could not be opened", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no thread opened a socket within %d ms".formatted(WAIT_MILLIS), e);
        }
    }

    private void openInside(int pidfd, CompletableFuture<Integer> result) {
        try {
            processes.enter(pidfd, Named.CLONE_NEWNET);
        } catch (ErrnoException e) {
            result.completeExceptionally(e);
            return;
        }
        try {
            result.complete(sockets.tcp(CONNECT_TIMEOUT_MILLIS));
        } catch (ErrnoException e) {
            result.completeExceptionally(e);
        } finally {
            // If this fails, the exception ends the thread, and the pool makes one that is at home.
            processes.enter(home, Named.CLONE_NEWNET);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        descriptors.close(home);
    }
}
