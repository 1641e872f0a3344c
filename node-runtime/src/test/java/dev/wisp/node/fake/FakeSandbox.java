package dev.wisp.node.fake;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxExit;
import dev.wisp.node.sandbox.SandboxSpec;
import dev.wisp.node.sandbox.SandboxUsage;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A sandbox without a process: its port is a {@link FakeContainer}'s, its counters are what a test sets. */
public final class FakeSandbox implements Sandbox {

    private static final StartTiming TIMING =
            new StartTiming(800, List.of(new StartTiming.Phase("claim", 300), new StartTiming.Phase("exec", 500)));

    private final SandboxSpec spec;
    private final FakeContainer container;
    private final AtomicLong cpuMicros = new AtomicLong();
    private final CompletableFuture<SandboxExit> exit = new CompletableFuture<>();
    private volatile int connections;

    FakeSandbox(SandboxSpec spec, FakeContainer container) {
        this.spec = spec;
        this.container = container;
    }

    public SandboxSpec spec() {
        return spec;
    }

    /** As if the workload had used so much more. */
    public void useCpu(long micros) {
        cpuMicros.addAndGet(micros);
    }

    /** As if the process had ended by itself. */
    public void exitWith(SandboxExit ended) {
        exit.complete(ended);
    }

    public boolean isStopped() {
        return exit.isDone();
    }

    public int connections() {
        return connections;
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public StartTiming timing() {
        return TIMING;
    }

    @Override
    public CompletableFuture<SandboxExit> exit() {
        return exit;
    }

    @Override
    public CompletableFuture<Void> released() {
        return exit.thenAccept(ended -> {});
    }

    @Override
    public SandboxUsage usage() {
        return new SandboxUsage(cpuMicros.get(), 2 << 20, 3 << 20);
    }

    @Override
    public synchronized int connect() {
        Epoll.ensureAvailability();
        connections++;
        Socket socket = Socket.newSocketStream();
        try {
            if (!socket.connect(container.address())) {
                while (!socket.finishConnect()) {
                    Thread.onSpinWait();
                }
            }
            return socket.intValue();
        } catch (IOException e) {
            throw new ProblemException(Problem.of(ErrorCode.NOT_LISTENING, "nothing listens: " + e.getMessage()), e);
        }
    }

    @Override
    public void freeze() {}

    @Override
    public void thaw() {}

    @Override
    public void stop(Duration grace) {
        exit.complete(new SandboxExit(143, false));
    }
}
