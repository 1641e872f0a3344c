package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Epoll;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * One thread that reads the output of all sandboxes and notices their ends. It reads at most 8 KiB of a pipe before it turns to the next, and what a pipe
 * holds is bounded by the kernel: a sandbox that floods its log slows itself down, not others. Thread-safe.
 */
final class ProcessEvents implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ProcessEvents.class);

    private static final int WAIT_MILLIS = 500;
    private static final int KINDS = 4;
    private static final int STDOUT = 0;
    private static final int STDERR = 1;
    private static final int PROCESS = 2;

    private final Descriptors descriptors;
    private final Processes processes;
    private final Epoll epoll;
    private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * A sandbox that is watched.
     *
     * @param ended called once with the exit code, by the watching thread, after all output was delivered; must return at once
     */
    record Watched(
            int pidfd, int stdout, int stderr, Consumer<byte[]> outLine, Consumer<byte[]> errLine, IntConsumer ended) {}

    private record Watch(Watched sandbox, LineCutter out, LineCutter err) {}

    ProcessEvents(Kernel kernel, Descriptors descriptors, Processes processes) {
        this.descriptors = descriptors;
        this.processes = processes;
        this.epoll = new Epoll(kernel);
        this.thread = Thread.ofPlatform().name("wisp-sandbox-io").daemon(true).start(this::run);
    }

    void watch(Watched sandbox) {
        long id = ids.getAndIncrement();
        watches.put(id, new Watch(sandbox, new LineCutter(sandbox.outLine()), new LineCutter(sandbox.errLine())));
        epoll.add(sandbox.stdout(), id * KINDS + STDOUT);
        epoll.add(sandbox.stderr(), id * KINDS + STDERR);
        epoll.add(sandbox.pidfd(), id * KINDS + PROCESS);
    }

    private void run() {
        while (!closed) {
            for (long key : epoll.await(WAIT_MILLIS)) {
                Watch watch = watches.get(key / KINDS);
                if (watch != null) {
                    handle(key / KINDS, (int) (key % KINDS), watch);
                }
            }
        }
        epoll.close();
    }

    private void handle(long id, int kind, Watch watch) {
        try {
            switch (kind) {
                case STDOUT -> read(watch.sandbox().stdout(), watch.out());
                case STDERR -> read(watch.sandbox().stderr(), watch.err());
                default -> end(id, watch);
            }
        } catch (RuntimeException e) {
            LOG.errorf(e, "sandbox output or end could not be handled");
        }
    }

    /** Whether there may be more to read. */
    private boolean read(int descriptor, LineCutter lines) {
        byte[] bytes = descriptors.readSome(descriptor);
        if (bytes == null) {
            return false;
        }
        if (bytes.length == 0) {
            epoll.remove(descriptor);
            return false;
        }
        lines.accept(bytes);
        return true;
    }

    private void end(long id, Watch watch) {
        Watched sandbox = watch.sandbox();
        Integer exitCode = processes.reap(sandbox.pidfd());
        if (exitCode == null) {
            return;
        }
        watches.remove(id);
        epoll.remove(sandbox.pidfd());
        try {
            drain(sandbox.stdout(), watch.out());
            drain(sandbox.stderr(), watch.err());
        } finally {
            sandbox.ended().accept(exitCode);
        }
    }

    /** Every writer is dead, so what is left is at most what the pipe holds. */
    private void drain(int descriptor, LineCutter lines) {
        boolean more = true;
        while (more) {
            more = read(descriptor, lines);
        }
        lines.end();
        epoll.remove(descriptor);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(2L * WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
